import type { EngineHealth, Health } from '../../shared/index.ts'
import { createWatch, type Finding, type Watch, type WatchOptions } from './watch.ts'

export interface HealthOptions {
  version: string
  /** Parts without which nothing works: each answers with a detail, or throws. */
  parts: Record<string, () => Promise<string>>
  /** The same for parts that cost the start of a program to be asked. */
  programs?: Record<string, () => Promise<string>>
  /** On which rung each engine stands: programs, mostly. */
  engines: Record<string, () => Promise<EngineHealth>>
  /** How old what is told may be, and how long each of them may take to answer. */
  pace?: Pace
}
export interface Pace {
  partsMs: number
  programsMs: number
  limitMs: number
}
export interface HealthWatch {
  /** `down`: a needed part fails, or does not answer. `degraded`: an engine has no rung left. */
  read(): Promise<Health>
  stop(): void
}

interface PartState {
  ok: boolean
  detail: string
}

const usualPace: Pace = { partsMs: 2_000, programsMs: 60_000, limitMs: 5_000 }

/** Every part and every engine, found out in the background while somebody wants to know: who asks costs nothing. */
export function createHealth({ version, parts, programs = {}, engines, pace = usualPace }: HealthOptions): HealthWatch {
  const { partsMs, programsMs, limitMs } = pace
  const startedMs = performance.now()
  const watchPart = (everyMs: number) => (ask: () => Promise<string>) =>
    createWatch<PartState>({
      ask: async () => ({ ok: true, detail: await ask() }),
      instead: detail => ({ ok: false, detail }),
      // One that is down is looked for all the time.
      everyMs: ({ ok }) => (ok ? everyMs : partsMs),
      ...{ ahead: true, limitMs },
    })
  const watchEngine = (ask: () => Promise<EngineHealth>) =>
    createWatch({ ask, instead: unknownRung, everyMs: () => programsMs, ahead: true, limitMs })
  const quickParts = mapValues(parts, watchPart(partsMs))
  const allParts = { ...quickParts, ...mapValues(programs, watchPart(programsMs)) }
  const allEngines = mapValues(engines, watchEngine)

  return {
    async read() {
      const [partStates, engineStates] = await Promise.all([readAll(allParts), readAll(allEngines)])
      const down = Object.values(partStates).some(part => !part.ok)
      const degraded = Object.values(engineStates).some(engine => engine.rung === 'none')
      return {
        status: down ? 'down' : degraded ? 'degraded' : 'ok',
        version,
        uptimeSeconds: Math.round((performance.now() - startedMs) / 1000),
        checkedAt: oldest(Object.keys(quickParts).flatMap(name => partStates[name] ?? [])),
        parts: partStates,
        engines: engineStates,
      }
    },
    stop() {
      for (const watch of [...Object.values(allParts), ...Object.values(allEngines)]) watch.stop()
    },
  }
}

/** What was known is told as long as nothing else is. */
const unknownRung: WatchOptions<EngineHealth>['instead'] = (reason, before) =>
  before ?? { rung: 'none', rungs: [{ name: 'unknown', available: false, reason }] }

type Dated<T> = T & { checkedAt: string }

async function readAll<T extends object>(watches: Record<string, Watch<T>>): Promise<Record<string, Dated<T>>> {
  const found = Object.entries(watches).map(async ([name, watch]) => [name, dated(await watch.read())] as const)
  return Object.fromEntries(await Promise.all(found))
}

const dated = <T extends object>({ value, at }: Finding<T>): Dated<T> => ({ ...value, checkedAt: at.toISOString() })

const oldest = (states: readonly Dated<object>[]): string =>
  states.map(({ checkedAt }) => checkedAt).reduce((one, other) => (one < other ? one : other), new Date().toISOString())

const mapValues = <A, B>(record: Record<string, A>, map: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
