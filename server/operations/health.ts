import type { EngineHealth, Health } from '../../shared/index.ts'
import { messageOf } from '../platform/errors.ts'

export interface HealthOptions {
  version: string
  /** Parts without which nothing works: each answers with a detail, or throws. */
  parts: Record<string, () => Promise<string>>
  /** Where each engine stands on its ladder. */
  engines: Record<string, () => Promise<EngineHealth>>
}

/** Asks every part and every engine. `down`: a needed part fails. `degraded`: an engine has no rung left. */
export function createHealth({ version, parts, engines }: HealthOptions): () => Promise<Health> {
  const startedAt = performance.now()
  return async () => {
    const [partStates, engineStates] = await Promise.all([mapValues(parts, askPart), mapValues(engines, ask => ask())])
    const down = Object.values(partStates).some(part => !part.ok)
    const degraded = Object.values(engineStates).some(engine => engine.rung === 'none')
    return {
      status: down ? 'down' : degraded ? 'degraded' : 'ok',
      version,
      uptimeSeconds: Math.round((performance.now() - startedAt) / 1000),
      parts: partStates,
      engines: engineStates,
    }
  }
}

async function askPart(ask: () => Promise<string>): Promise<{ ok: boolean; detail: string }> {
  try {
    return { ok: true, detail: await ask() }
  } catch (fault) {
    return { ok: false, detail: messageOf(fault) }
  }
}

async function mapValues<A, B>(record: Record<string, A>, map: (value: A) => Promise<B>): Promise<Record<string, B>> {
  return Object.fromEntries(
    await Promise.all(Object.entries(record).map(async ([key, value]) => [key, await map(value)] as const)),
  )
}
