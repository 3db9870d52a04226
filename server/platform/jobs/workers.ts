import type { PgBoss, Job as QueueJob } from 'pg-boss'
import type { Database } from '../db/index.ts'
import type { Errands } from '../errands.ts'
import { fail } from '../errors.ts'
import type { AnyJob } from './job.ts'
import { type LaneName, laneNames, lanes } from './lanes.ts'
import type { Letter } from './mail.ts'
import { claimJob } from './queries.ts'
import type { Delivered } from './run-job.ts'

/** A process that is silent for so long is taken to have ended; what it ran is given to another one. */
const heartbeatSeconds = 20
/** A letter comes again when its process ended; how often its job is tried is said by the job. */
const queueOptions = {
  ...{ retryLimit: 50, retryDelay: 1, retryBackoff: true, retryDelayMax: 60 },
  ...{ heartbeatSeconds, notify: true, deleteAfterSeconds: 3600 },
}
const polling = { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 5 }
const noJob = '00000000-0000-0000-0000-000000000000'

/** The queues of all lanes, with the settings of today. Those of earlier versions go. */
export async function openQueues(boss: PgBoss, formerQueues: readonly string[]): Promise<void> {
  for (const name of laneNames) {
    const { queue } = lanes[name]
    await boss.createQueue(queue, queueOptions)
    // One that existed keeps its old settings otherwise.
    await boss.updateQueue(queue, queueOptions)
    // It asks for what it does not know of a queue, and letters are sent inside of transactions, where it can't.
    await boss.getJobById(queue, noJob)
  }
  // Not asked for by name: without a name it answers all of them.
  for (const { name } of await boss.getQueues()) if (formerQueues.includes(name)) await boss.deleteQueue(name)
}

export interface Work {
  database: Database
  kindOf: (kind: string) => AnyJob
  run: (delivered: Delivered) => Promise<void>
}

/** The workers of each lane in this process. */
export function createWorkers({ boss, errands }: { boss: PgBoss; errands: Errands }) {
  const ids = new Map<LaneName, string[]>()
  let isStopping = false
  const wake = (names: readonly LaneName[]) => {
    for (const name of new Set(names)) for (const id of ids.get(name) ?? []) boss.notifyWorker(id)
  }

  const deliver = async ({ database, kindOf, run }: Work, letter: QueueJob<Letter>) => {
    // Thrown, so that the letter comes to another process.
    if (isStopping) throw fail('server.stopping')
    const { jobId, kind } = letter.data
    // Asked before it is claimed: one of another version that is unknown here is left to a process that knows it.
    const job = kindOf(kind)
    const row = await database.transaction(tx => claimJob(tx, jobId, letter.id))
    if (row) await run({ row, job, lost: letter.signal })
  }
  const open = (name: LaneName, minPriority: number, work: Work): Promise<string> =>
    boss.work<Letter>(
      lanes[name].queue,
      {
        ...{ batchSize: 1, ...polling, minPriority },
        ...(lanes[name].oneOfAKind && { localGroupConcurrency: 1 }),
      },
      async ([letter]) => {
        if (!letter) return
        const errand = { requestId: letter.data.jobId, door: 'job', what: letter.data.kind }
        // Where one job was there may be another: all look again at once, not at the next poll.
        await errands.run(errand, () => deliver(work, letter)).finally(() => wake([name]))
      },
    )

  return {
    wake,
    /** Runs nothing more. */
    rest() {
      isStopping = true
    },
    async start(work: Work): Promise<void> {
      for (const name of laneNames)
        ids.set(name, await Promise.all(lanes[name].workers.map(least => open(name, least, work))))
    },
  }
}
