import type { EngineHealth } from '../../shared/index.ts'
import { reasonOf } from './errors.ts'

/** One implementation of an engine's port, which knows whether it can run here, and says why (not) in a sentence. */
export interface Rung {
  name: string
  /** `isResting`: it could run and is let alone for a while, because it failed not long ago. */
  check(): Promise<{ available: boolean; reason: string; isResting?: boolean }>
}

export interface Rungs<Engine> {
  /** Those that can run here, best first. */
  available: Engine[]
  /** The same with those that only rest: for whoever can wait. */
  standing: Engine[]
  health: EngineHealth
}

/** Asks every rung, best first. One that throws while being asked is unavailable with that reason, never a crash. */
export async function askRungs<Engine extends Rung>(engines: readonly Engine[]): Promise<Rungs<Engine>> {
  const rungs = await Promise.all(
    engines.map(async engine => {
      const answer: Awaited<ReturnType<Rung['check']>> = await engine
        .check()
        .catch(fault => ({ available: false, reason: reasonOf(fault) }))
      return { engine, ...answer }
    }),
  )
  const available = rungs.filter(rung => rung.available).map(rung => rung.engine)
  return {
    available,
    standing: rungs.filter(rung => rung.available || rung.isResting).map(rung => rung.engine),
    health: {
      rung: available[0]?.name ?? 'none',
      rungs: rungs.map(({ engine, available: can, reason }) => ({ name: engine.name, available: can, reason })),
    },
  }
}
