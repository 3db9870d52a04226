import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { JobCost, JobId, JobState, StreamId } from '../../../shared/index.ts'

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/** Each piece of work, from when it was wanted. The queue carries ids; what is true stands here. */
export const jobs = pgTable(
  'jobs',
  {
    id: uuid('id').$type<JobId>().primaryKey(),
    kind: text('kind').notNull(),
    subject: text('subject').$type<StreamId>().notNull(),
    payload: jsonb('payload').$type<object>().notNull(),
    state: text('state').$type<JobState>().notNull(),
    percent: integer('percent').notNull().default(0),
    etaSeconds: integer('eta_seconds'),
    reason: text('reason'),
    attempt: integer('attempt').notNull().default(0),
    cost: jsonb('cost').$type<JobCost>(),
    requestedBy: text('requested_by'),
    /** The message by which the queue gave it to whoever runs it: no other one may settle it. */
    delivery: uuid('delivery'),
    createdAt: instant('created_at').notNull().defaultNow(),
    startedAt: instant('started_at'),
    endedAt: instant('ended_at'),
  },
  table => [
    uniqueIndex('jobs_one_waits').on(table.kind, table.subject).where(sql`state = 'waiting'`),
    uniqueIndex('jobs_one_runs').on(table.kind, table.subject).where(sql`state = 'running'`),
    index('jobs_subject').on(table.subject),
    index('jobs_state').on(table.state, table.id),
  ],
)
