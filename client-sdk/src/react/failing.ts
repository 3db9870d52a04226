/** Why something failed, as a page shows it. `code` is from the contract's table, or `network` when nobody answered. */
export interface Failing {
  code: string
  message: string
}

export function failingOf(fault: unknown): Failing {
  const code = fault instanceof Error && 'code' in fault && typeof fault.code === 'string' ? fault.code : 'network'
  if (code === 'network') return { code, message: 'The server did not answer. Check the connection and try again.' }
  return { code, message: fault instanceof Error ? fault.message : String(fault) }
}
