import { type ApiKey, type NewApiKey, type Rushes, RushesError } from '../../client-sdk/src/index.ts'
import { KeyName, RotateKey } from '../../shared/index.ts'
import { KeysError } from './open-keys.ts'
import { tableOf } from './table.ts'

type Keys = Rushes['keys']

export interface Asked {
  command: Command
  /** Of the new key; else the id or the name of one. */
  name: string
  json: boolean
  graceSeconds: number
}

const commands = { list, create, revoke, rotate }
export type Command = keyof typeof commands
export const isCommand = (word: string | undefined): word is Command =>
  word !== undefined && Object.hasOwn(commands, word)

/** Does it, and says so: what programs read on stdout, what people read on stderr. */
export const runCommand = (keys: Keys, asked: Asked): Promise<void> => commands[asked.command](keys, asked)

async function list(keys: Keys, { json }: Asked): Promise<void> {
  const { items, configured } = await keys.list()
  if (json) return print({ items, configured })
  if (items.length > 0) console.log(tableOf(items))
  if (configured) console.error('The key of the configuration (RUSHES_API_KEY) is valid.')
  else if (items.length === 0) console.error('There is no key: a server on loopback wants none.')
}

async function create(keys: Keys, { name, json }: Asked): Promise<void> {
  const checked = KeyName.safeParse(name)
  if (!checked.success) throw new KeysError(`The name does not fit: ${checked.error.issues[0]?.message}.`)
  show(await keys.create(checked.data), json)
  if (!json) console.error('Keep it: only its hash is stored. From now on every caller needs a key.')
}

async function revoke(keys: Keys, { name, json }: Asked): Promise<void> {
  const key = await find(keys, name)
  await keys.revoke(key.id)
  if (json) return print({ revoked: key })
  console.error(`${key.name} (${key.id}) is revoked: within 5 seconds nothing opens by it, and what it has open ends.`)
}

async function rotate(keys: Keys, { name, json, graceSeconds }: Asked): Promise<void> {
  if (!RotateKey.safeParse({ graceSeconds }).success) throw new KeysError('--grace is 2592000 (a month) at most.')
  const key = await find(keys, name)
  show(await keys.rotate(key.id, { graceSeconds }), json)
  if (json) return
  const old = graceSeconds > 0 ? `The old one is good for ${graceSeconds} seconds more.` : 'The old one ends now.'
  console.error(`Keep it: only its hash is stored. ${old}`)
}

/** By its id; by its name, when it has it alone. */
async function find(keys: Keys, name: string): Promise<ApiKey> {
  const { items } = await keys.list()
  const named = items.filter(key => key.id === name.toLowerCase() || key.name === name)
  const [found] = named
  if (!found)
    throw new RushesError('key.not_found', `There is no API key ${name}: \`keys list\` shows those there are.`)
  if (named.length > 1)
    throw new KeysError(`${named.length} keys are called ${name}. Say which by its id:\n${tableOf(named)}`)
  return found
}

function show(made: NewApiKey, json: boolean): void {
  if (json) print(made)
  else console.log(made.secret)
}

const print = (value: object) => console.log(JSON.stringify(value))
