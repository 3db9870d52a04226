import { and, eq, inArray, lt, lte, type SQL, sql } from 'drizzle-orm'
import type { Queryable, Tx } from '../db/index.ts'
import type { Renewal } from './keep-lease.ts'
import { leases } from './schema.ts'

export interface Holding {
  name: string
  holder: string
}

const now = sql`now()`
const endOf = (leaseMs: number) => sql`now() + ${leaseMs} * interval '1 millisecond'`
const mine = ({ name, holder }: Holding) => and(eq(leases.name, name), eq(leases.holder, holder))

/** False while somebody else has it. */
export const takeLease = (db: Queryable, holding: Holding, leaseMs: number): Promise<boolean> =>
  take(db, holding, endOf(leaseMs))

/** The same; it is nobody's again when the transaction ends, also for those who waited for that. */
export const takeLeaseWithin = (tx: Tx, holding: Holding): Promise<boolean> => take(tx, holding, sql`to_timestamp(0)`)

async function take(db: Queryable, { name, holder }: Holding, until: SQL): Promise<boolean> {
  const row = { holder, wanted: false, until }
  const taken = await db
    .insert(leases)
    .values({ name, ...row })
    .onConflictDoUpdate({ target: leases.name, set: row, setWhere: lte(leases.until, now) })
    .returning({ name: leases.name })
  return taken.length > 0
}

/** One that has lapsed is renewed too, as long as nobody has taken it. */
export async function renewLease(db: Queryable, holding: Holding, leaseMs: number): Promise<Renewal> {
  const [row] = await db
    .update(leases)
    .set({ until: endOf(leaseMs) })
    .where(mine(holding))
    .returning({ wanted: leases.wanted })
  if (!row) return 'lost'
  return row.wanted ? 'wanted' : 'held'
}

/** Nobody takes it before the transaction ends. False when somebody has it by now. */
export async function lockLease(tx: Tx, holding: Holding): Promise<boolean> {
  const rows = await tx.select({ name: leases.name }).from(leases).where(mine(holding)).for('update')
  return rows.length > 0
}

export async function dropLease(db: Queryable, holding: Holding): Promise<void> {
  await db.delete(leases).where(mine(holding))
}

export async function askForLease(db: Queryable, name: string): Promise<void> {
  await db.update(leases).set({ wanted: true }).where(eq(leases.name, name))
}

export async function revokeLease(tx: Tx, name: string): Promise<void> {
  await tx.delete(leases).where(eq(leases.name, name))
}

export async function dropAllLeases(db: Queryable): Promise<void> {
  await db.delete(leases)
}

/** Those that nobody came back for. */
export async function forgetLapsed(db: Queryable): Promise<void> {
  await db.delete(leases).where(lt(leases.until, sql`now() - interval '1 hour'`))
}

/** In a statement about something else: somebody has the lease of this name, and lives. */
export const isHeld = (name: SQL): SQL<boolean> =>
  sql`exists (select 1 from ${leases} where ${leases.name} = ${name} and ${leases.until} > now())`

/** Who has them, or had them last and may not know that it has lapsed. */
export async function holdersOf(db: Queryable, names: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .select({ name: leases.name, holder: leases.holder })
    .from(leases)
    .where(inArray(leases.name, [...names]))
  return new Map(rows.map(({ name, holder }) => [name, holder]))
}
