import { isNull, sql } from 'drizzle-orm'
import type { EngineHealth, VideoId } from '../../shared/index.ts'
import type { Queryable } from '../platform/db/index.ts'
import { passages } from './schema.ts'

/** Films whose meanings can't be searched, for whoever would embed them: no embedder answered when they were indexed. */
export async function findWithoutVectors(db: Queryable): Promise<VideoId[]> {
  const rows = await db
    .selectDistinct({ videoId: passages.videoId })
    .from(passages)
    .where(isNull(passages.embedding))
    .orderBy(sql`1`)
  return rows.map(({ videoId }) => videoId)
}

/** Says so with the rung of that name: the one in use, or the first one that could be. */
export function withLost(health: EngineHealth, films: number, named: string): EngineHealth {
  if (films === 0) return health
  const sentence = `${films === 1 ? '1 film has' : `${films} films have`} no vectors: it failed, or was not there, when they were indexed.`
  return {
    ...health,
    rungs: health.rungs.map(rung =>
      rung.name === named ? { ...rung, reason: `${rung.reason.replace(/\.?$/, '.')} ${sentence}` } : rung,
    ),
  }
}
