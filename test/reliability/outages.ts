import { setTimeout as delay } from 'node:timers/promises'
import { until } from '../support/until.ts'
import type { Uploader } from './films.ts'
import type { House } from './house.ts'

/** One way in which something is away for a while. Resolves when it takes connections again. */
export type Outage = (house: House, awayMs: number) => Promise<unknown>

/** Each kind of thing, with the ways in which it goes away. */
export const outages = {
  PostgreSQL: {
    fast: restartsDatabase('fast'),
    immediate: restartsDatabase('immediate'),
    killed: restartsDatabase('killed'),
    'every connection ended': ({ postgres }) =>
      postgres
        .ask('select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()')
        .catch(() => {}),
    async frozen({ postgres }, awayMs) {
      postgres.freeze()
      await delay(awayMs)
      postgres.thaw()
    },
  },
  Redis: {
    async killed({ redis }, awayMs) {
      await redis.kill()
      await delay(awayMs)
      await redis.start()
    },
    'subscribers ended': ({ redis }) => redis.ask(['CLIENT', 'KILL', 'TYPE', 'pubsub']),
    'every connection ended': ({ redis }) =>
      redis.ask(['CLIENT', 'KILL', 'TYPE', 'normal'], ['CLIENT', 'KILL', 'TYPE', 'pubsub']),
    async frozen({ redis }, awayMs) {
      redis.freeze()
      await delay(awayMs)
      redis.thaw()
    },
  },
  S3: {
    async killed({ s3 }, awayMs) {
      await s3.kill()
      await delay(awayMs)
      await s3.start()
    },
    async frozen({ s3 }, awayMs) {
      s3.freeze()
      await delay(awayMs)
      s3.thaw()
    },
  },
} as const satisfies Record<string, Record<string, Outage>>

function restartsDatabase(how: 'fast' | 'immediate' | 'killed'): Outage {
  return async ({ postgres }, awayMs) => {
    await postgres.stop(how)
    await delay(awayMs)
    await postgres.start()
  }
}

/** The database goes away under running jobs, and a server that works on them is killed and started meanwhile. */
export async function losesQueue(house: House, { awayMs, films }: { awayMs: number; films: Uploader }): Promise<void> {
  await until('a film is worked on', () => films.isBusy())
  await delay(awayMs)
  await house.postgres.stop('immediate')
  await house.killServer()
  const started = house.startServer()
  await delay(awayMs)
  await house.postgres.start()
  await started
}
