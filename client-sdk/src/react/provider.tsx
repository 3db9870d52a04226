import { createContext, type ReactNode, use } from 'react'
import type { Rushes } from '../index.ts'

const RushesContext = createContext<Rushes | null>(null)

/** Gives the hooks below it their client, from `createRushes`. */
export function RushesProvider({ client, children }: { client: Rushes; children: ReactNode }) {
  return <RushesContext value={client}>{children}</RushesContext>
}

/** The client of the provider above. Throws without one. */
export function useRushes(): Rushes {
  const client = use(RushesContext)
  if (!client) throw new Error('The hooks of Rushes need a <RushesProvider client={...}> above them.')
  return client
}
