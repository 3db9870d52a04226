import { sql } from 'drizzle-orm'
import { type Database, DatabaseAway } from '../../server/platform/db/index.ts'
import type { Segment } from '../../shared/index.ts'
import { joinBuses } from './joined-buses.ts'
import { dictated, startModelServer } from './model-server.ts'
import { member, openChat } from './open-chat.ts'

export const question = 'When did the bridge open?'

/** In this database: other tests have theirs on the same server. */
const locked = sql`
  select pid from pg_locks join pg_database on pg_database.oid = pg_locks.database
  where datname = current_database() and locktype = 'advisory' and granted and pid <> pg_backend_pid()`

export async function countLocks({ db }: Database): Promise<number> {
  const [running] = await db.execute(sql`select count(*)::int as locks from (${locked}) as held`)
  return Number(running?.locks)
}

/** Ends the connections that hold an answer. */
export const endLocks = ({ db }: Database) => db.execute(sql`select pg_terminate_backend(pid) from (${locked}) as held`)

/** Two servers with one database, as each of them sees it, and a model that says what it is told to. */
export async function openTwoServers([first, second]: [Database, Database], segments: Segment[]) {
  const { buses, said, cut } = joinBuses(2)
  const talks: ReturnType<typeof dictated>[] = []
  const model = await startModelServer(() => {
    const talk = dictated()
    talks.push(talk)
    return { ending: 'end', deltas: talk.deltas }
  })
  const [mortal, watched] = [canDie(first), countingLooks(second)]
  const one = openChat(mortal.database, { segments, baseUrl: model.baseUrl, bus: buses[0] })
  const two = openChat(watched.database, { segments, baseUrl: model.baseUrl, bus: buses[1] })
  const videoId = await one.createVideo()
  const ask = (server: typeof one, clientId = 'q') =>
    server.chat.live['question.ask']({ videoId, clientId, question }, member('Ada', videoId))
  return {
    ...{ one, two, model, talks, videoId, ask, said, cut },
    looks: watched.looks,
    /** As a killed process ends: nothing is heard of the first server any more, and its connection is gone. */
    async killOne() {
      cut()
      mortal.die()
      await endLocks(second)
    },
    async [Symbol.asyncDispose]() {
      for (const talk of talks) talk.end()
      await one.chat.stop()
      await two.chat.stop()
      await model[Symbol.asyncDispose]()
    },
  }
}

function canDie(database: Database) {
  const { connect } = database
  let isDead = false
  const dying: Database['connect'] = async hearing => {
    if (isDead || !connect) throw new DatabaseAway(new Error('killed'))
    return connect(hearing)
  }
  return {
    database: { ...database, connect: connect && dying },
    die: () => {
      isDead = true
    },
  }
}

/** How often the database was asked whether an answer is being written. */
function countingLooks(database: Database) {
  const { connect } = database
  let looks = 0
  const counting: Database['connect'] = async hearing => {
    const link = await connect?.(hearing)
    if (!link) throw new DatabaseAway(new Error('embedded'))
    const { query } = link
    return Object.assign(link, {
      query: (...asked: Parameters<typeof query>) => {
        if (asked[0].text.includes('xact_lock')) looks++
        return query(...asked)
      },
    })
  }
  return { database: { ...database, connect: connect && counting }, looks: () => looks }
}
