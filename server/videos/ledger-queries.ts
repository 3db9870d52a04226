import { sql } from 'drizzle-orm'
import type { VideoId } from '../../shared/index.ts'
import type { Database, Queryable, Tx } from '../platform/db/index.ts'
import { storageLedger, videos } from './schema.ts'

/** More parts than this at once are left to the next time: the statement is short. */
const mostSummed = 10_000

/**
 * Enters a film that came to its video (`came`) or went with it, unless another video has the same one. Under the lock of
 * the original, in the transaction in which the video has it, or has it no longer.
 */
export async function enterFilm(
  tx: Tx,
  film: { videoId: VideoId; blob: string; bytes: number },
  what: 'came' | 'went',
): Promise<void> {
  await tx.execute(sql`
    insert into ${storageLedger} (bytes) select ${what === 'came' ? film.bytes : -film.bytes}::bigint
    where not exists (
      select 1 from ${videos} where ${videos.originalBlob} = ${film.blob} and ${videos.id} <> ${film.videoId})`)
}

/** Adds the parts up, so that there are few to read. In one statement: whoever reads meanwhile sees them as before or after. */
export async function sumLedger(db: Queryable): Promise<void> {
  await db.execute(sql`
    with parts as (
      delete from ${storageLedger} where id in (
        select id from ${storageLedger} where (select count(*) from ${storageLedger}) > 1
        order by id limit ${mostSummed} for update skip locked)
      returning bytes
    )
    insert into ${storageLedger} (bytes) select sum(bytes) from parts having count(*) > 0`)
}

/** Counts all originals, and enters by how much the ledger was wrong. Answers that: 0 when it was right. */
export async function mendLedger(database: Pick<Database, 'transaction'>): Promise<number> {
  return database.transaction(async tx => {
    // Two at once would both mend it.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('ledger of originals', 0))`)
    const [row] = await tx.execute<{ bytes: number }>(sql`
      with counted as (
        select max(size_bytes) as bytes from ${videos} where original_blob is not null group by original_blob
      ), wrong as (
        select coalesce((select sum(bytes) from counted), 0)
             - coalesce((select sum(bytes) from ${storageLedger}), 0) as bytes
      ), mended as (
        insert into ${storageLedger} (bytes) select bytes from wrong where bytes <> 0
      )
      select bytes::float8 as bytes from wrong`)
    return row?.bytes ?? 0
  })
}
