/** One thing that was looked at. */
export interface Finding {
  what: string
  /** `missing` alone keeps the server from starting; with `warn` something is done less well. */
  state: 'ok' | 'warn' | 'missing'
  detail: string
  /** What to do about it. */
  wayOut?: string
}

export const ok = (what: string, detail: string): Finding => ({ what, state: 'ok', detail })
export const warn = (what: string, detail: string, wayOut: string): Finding => ({ what, state: 'warn', detail, wayOut })
export const missing = (what: string, detail: string, wayOut: string): Finding => ({
  what,
  state: 'missing',
  detail,
  wayOut,
})
