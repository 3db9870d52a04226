import {
  allScopes,
  type CallerKind,
  configuredKeyName,
  type Scope,
  type StreamId,
  type WantedScope,
} from '../../shared/index.ts'
import { AppError } from './errors.ts'
import { lastingPermit, type Permit } from './permit.ts'

/** Who is asking. It travels with each request, through every door, into what is recorded of it. */
export interface Caller {
  kind: CallerKind
  /** What may be stored of it: the id of the key, or what the token names; of others, how they are called. */
  id: string
  /** For people. What they make is recorded under it. */
  name: string
  scopes: ReadonlySet<Scope>
  /** The one that they are here for: they ask about no other. */
  stream?: StreamId
  /** Names the key in what it signs, and tells nothing about it. Null for those who can't sign. */
  signer: string | null
  /** What they have open ends with it. */
  permit: Permit
}

interface Local {
  name: string
  scopes: ReadonlySet<Scope>
  permit?: Permit
}
const local = ({ name, scopes, permit = lastingPermit }: Local): Caller => ({
  ...{ kind: 'local', id: name, name, scopes, signer: null, permit },
})

/** Reached a server that wants no key. */
export const localCaller = (permit: Permit): Caller => local({ name: 'local', scopes: allScopes, permit })
/** Sits at the machine, and asks by the control socket. */
export const operator: Caller = local({ name: 'operator', scopes: new Set(['keys']) })
/** Asks for what is public. */
export const anyone: Caller = local({ name: 'anyone', scopes: new Set() })

/** What is wanted of a caller, and the stream that they ask about, if it is one. */
export interface Wanted {
  scope: WantedScope
  stream: StreamId | null
}

/** Throws `auth.forbidden`. Each door asks this in one place, before anything is done. */
export function mustBeAllowed({ scopes, stream }: Caller, wanted: Wanted): void {
  const { scope } = wanted
  if (scope === 'anyone') return
  if (!scopes.has(scope))
    throw new AppError('auth.forbidden', `This wants the scope \`${scope}\`, which this caller does not have.`, {
      details: { scope },
    })
  if (stream !== undefined && stream !== wanted.stream)
    throw new AppError('auth.forbidden', 'This caller is here for one stream alone, and asks about something else.')
}

/** The id of their key in the table; null for the configured one, which is in none, and for those without a key. */
export const keyIdOf = ({ kind, id }: Pick<Caller, 'kind' | 'id'>): string | null =>
  kind === 'key' && id !== configuredKeyName ? id : null

/**
 * From where somebody asks who has no secret of their own: by which key or token, else from which address. Not to be
 * shown to others.
 */
export const originOf = ({ kind, id }: Caller, address: string): string =>
  kind === 'local' ? `address ${address}` : `${kind} ${id}`
