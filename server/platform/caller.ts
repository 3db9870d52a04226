import { lastingPermit, type Permit } from './permit.ts'

/** Who is asking. It travels with each request, through every door. */
export interface Caller {
  /**
   * `key`: has an API key. `link`: has an address that a key signed. `local`: reached a server that wants no key.
   * `operator`: sits at the machine, and asks by the control socket. `anyone`: asks for what is public.
   */
  kind: 'key' | 'link' | 'local' | 'operator' | 'anyone'
  /** Of the key; else as the kind is called. What they make is recorded under it. */
  name: string
  /** Null for the configured key, which is in no table, and where there is none. */
  keyId: string | null
  /** Names the key in what it signs, and tells nothing about it. Null for those who can't sign. */
  signer: string | null
  /** What they have open ends with it. */
  permit: Permit
}

const unnamed = (kind: Caller['kind'], permit: Permit): Caller => ({
  ...{ kind, name: kind, keyId: null, signer: null, permit },
})

/**
 * From where somebody asks who has no secret of their own: by which key, else from which address. Not to be shown to
 * others.
 */
export const originOf = ({ kind, keyId, name }: Caller, address: string): string =>
  kind === 'key' ? `key ${keyId ?? name}` : `address ${address}`

export const anyone: Caller = unnamed('anyone', lastingPermit)
export const operator: Caller = unnamed('operator', lastingPermit)
export const localCaller = (permit: Permit): Caller => unnamed('local', permit)
