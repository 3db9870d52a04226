import { randomBytes } from 'node:crypto'
import { type Scope, type VideoFile, type VideoId, videoStream } from '../../shared/index.ts'
import { type Caller, localCaller } from '../platform/caller.ts'
import type { Database } from '../platform/db/index.ts'
import { AppError } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import { createPermit, lastingPermit } from '../platform/permit.ts'
import { createKeyRing, type KeyRing } from './key-ring.ts'
import { createKeys, type Keys } from './keys.ts'
import { mayPassOpen } from './policy.ts'
import { forgetConfiguredKeys, keepSecret } from './queries.ts'
import { type AskedLink, createSignedLinks, type LinkScope, notValid, type SignedLinks } from './signed-links.ts'

export interface Credentials {
  /** An API key. */
  token: string | undefined
  /** What stands in the address of a video's media, or of a file made from it. */
  link?: AskedLink | undefined
  origin: string | undefined
  host: string | undefined
}

export interface Accounts {
  /** Who it is. Throws `auth.*` when they may not pass. */
  authenticate(credentials: Credentials): Promise<Caller>
  /** True when there is a key, configured or made. */
  anyKey(): boolean
  /** Throws when a caller without a key may no longer pass, also by what another server knows already. */
  stillOpen(caller: Caller): Promise<void>
  /** A token that opens media until then; null when nobody needs one. */
  signMedia(by: Caller, scope: VideoId | 'all', expiresAt: Date): string | null
  /** The same for one file of a video. */
  signFile(by: Caller, scope: `${VideoId}/${VideoFile}`, expiresAt: Date): string | null
  keys: Keys
  stop(): Promise<void>
}

export interface AccountsOptions {
  database: Database
  /** Valid as long as it is configured, and stored nowhere. */
  configuredKey: string | undefined
  /** Nobody but this machine reaches the server: as long as there is no key, none is wanted. */
  isLoopback: boolean
  /** Whose pages may use this server, beside its own. */
  origins?: ReadonlySet<string>
  log: Log
}

export async function createAccounts({
  database,
  isLoopback,
  origins,
  ...options
}: AccountsOptions): Promise<Accounts> {
  const { db } = database
  const links = createSignedLinks(await keepSecret(db, 'media-tokens', randomBytes(32).toString('base64url')))
  await forgetConfiguredKeys(db)
  let open = createPermit()
  const ring = await createKeyRing({
    ...{ db, signerOf: links.signerOf, ...options },
    onChange(any) {
      if (!any) return
      open.end(required())
      open = createPermit()
    },
  })
  const isOpen = () => isLoopback && !ring.any
  const sign = ({ signer }: Caller, scope: LinkScope, expiresAt: Date) =>
    signer === null ? null : links.sign({ scope, signer, expiresAt })

  return {
    anyKey: () => ring.any,
    signMedia: sign,
    signFile: sign,
    async authenticate({ token, link, origin, host }) {
      if (token !== undefined) return keyHolder(ring, token)
      if (link) return linkHolder(ring, links, link)
      if (!isOpen()) throw required()
      mayPassOpen({ origin, host }, origins)
      return localCaller(open)
    },
    async stillOpen({ kind, permit }) {
      // Nobody takes that of the control socket back.
      if (kind !== 'local' || permit === lastingPermit) return
      await ring.read()
      if (!isOpen()) throw required()
    },
    keys: createKeys(database, ring),
    stop: ring.stop,
  }
}

function keyHolder(ring: KeyRing, token: string): Caller {
  const caller = ring.find(token)
  if (!caller) throw new AppError('auth.invalid', 'This API key is not valid here.')
  return caller
}

/** An address opens the video's media, or the one file that it was signed for. */
const mediaScopes: ReadonlySet<Scope> = new Set(['play'])
const fileScopes: ReadonlySet<Scope> = new Set(['read'])
/** The version before signed addresses that name no key: they hold until they expire. */
const unsigned = { kind: 'local', id: 'link', name: 'link', permit: lastingPermit } as const

/** What was signed is worth as much as the key that signed it, and opens that alone. */
function linkHolder(ring: KeyRing, links: SignedLinks, asked: AskedLink): Caller {
  const { signer } = links.check(asked)
  const by = signer === null ? null : ring.bySigner(signer)
  if (by === undefined) throw notValid()
  const { kind, id, name, permit } = by ?? unsigned
  const scopes = asked.file === null ? mediaScopes : fileScopes
  // In an address ids may be in capitals, too.
  const stream = videoStream(asked.subject.toLowerCase() as VideoId)
  return { kind, id, name, scopes, stream, signer: null, permit }
}

const required = () =>
  new AppError(
    'auth.required',
    'An API key is wanted: send it as `Authorization: Bearer …`. `npm run keys -- create NAME` makes one.',
  )
