/** Who holds a thing, and until when: one holder at a time, who finds out when it is lost. */
export { createLeases, type Lease, type Leases } from './create-leases.ts'
export type { LeaseTerms } from './keep-lease.ts'
export { holdersOf, isHeld } from './queries.ts'
