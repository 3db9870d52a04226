import type { z } from 'zod'
import { type ConfigField, configFields } from './config-fields.ts'
import { StartError } from './platform/errors.ts'

type Fields = typeof configFields
export type Config = Readonly<{ [K in keyof Fields]: z.infer<Fields[K]['schema']> }>

/** What is wrong with the environment: every fault at once, a line each. */
export class ConfigError extends StartError {
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map(fault => `  ${fault}`).join('\n')}`,
    )
    this.name = 'ConfigError'
    this.faults = faults
  }
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/
/** Whether nobody but this machine reaches it there. */
export const isLoopback = (host: string): boolean => loopback.test(host)

/** Environment → frozen configuration. Pure. An empty variable counts as unset. Throws `ConfigError`. */
export function parseConfig(env: Record<string, string | undefined>): Config {
  const faults: string[] = []
  const values = Object.entries(configFields).map(([name, field]: [string, ConfigField]) => {
    const [current, former] = [textOf(env, name), field.formerly && textOf(env, field.formerly)]
    const given = current ?? former
    const parsed = field.schema.safeParse(given)
    const saying = (why: string, values: string) => `${name}: ${why} (given: ${field.secret ? 'a secret' : values})`
    if (!parsed.success)
      faults.push(saying(parsed.error.issues.map(issue => issue.message).join('; '), JSON.stringify(given)))
    if (current !== undefined && former !== undefined && current !== former)
      faults.push(
        saying(`${field.formerly} is its older name and says something else; set one`, `${current} and ${former}`),
      )
    return [name, parsed.data]
  })
  const config = Object.fromEntries(values) as Config
  if (faults.length === 0) faults.push(...faultsBetween(config))
  if (faults.length > 0) throw new ConfigError(faults)
  return Object.freeze(config)
}

const textOf = (env: Record<string, string | undefined>, name: string): string | undefined =>
  env[name]?.trim() || undefined

/** Faults that no variable has alone. */
function faultsBetween(config: Config): string[] {
  const faults: string[] = []
  if (config.ROLE !== 'all' && config.DATABASE_URL === undefined)
    faults.push(`ROLE: ${config.ROLE} shares its database with other processes, so DATABASE_URL is needed`)
  if (config.STORAGE === 's3')
    faults.push(...missingForS3(config).map(name => `${name}: STORAGE=s3 needs it, and it is not set`))
  return faults
}

/** What an object store can't be used without, as far as it isn't set. */
export const missingForS3 = (config: Config): string[] =>
  (['S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const).filter(name => config[name] === undefined)

/** Whether direct uploads go to the bucket. Unless it is said, only where others are known to reach it by our URLs. */
export const sendsToBucket = (config: Config): boolean =>
  config.STORAGE === 's3' &&
  (config.S3_DIRECT_UPLOADS ?? (config.S3_PUBLIC_ENDPOINT !== undefined || config.S3_ENDPOINT === undefined))

/** Keys are kept in the database, so this is known a moment after the rest. Throws `ConfigError`. */
export function requireKeyBeyondLoopback(config: Config, anyKey: boolean): void {
  if (anyKey || isLoopback(config.HOST)) return
  throw new ConfigError([
    `HOST: ${config.HOST} can be reached from other machines, so Rushes does not start without an API key. Make one with \`npm run keys -- create NAME\`, or set RUSHES_API_KEY (\`openssl rand -hex 32\`), or leave HOST at 127.0.0.1`,
  ])
}

/** The text of `.env.example`: every variable with its meaning and its default. */
export function envExample(): string {
  const lines = Object.entries(configFields).map(([name, field]: [string, ConfigField]) => {
    const given = field.schema.safeParse(undefined)
    const fallback = given.success && given.data !== undefined && !field.secret ? String(given.data) : ''
    return `# ${field.about}\n#${name}=${fallback}\n`
  })
  return `# Rushes reads these variables. Each is shown with its default; none is needed to start.\n\n${lines.join('\n')}`
}

/** The environment of this process; the only place that reads it. */
const environment = process.env

export const configOfThisProcess = (): Config => parseConfig(environment)

/** Threads take the environment along, and Node looks there for compiled code before it loads their first file. */
export function keepCodeOfThreads(directory: string): void {
  environment.NODE_COMPILE_CACHE ??= directory
}
