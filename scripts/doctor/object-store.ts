import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import type { Config } from '../../server/config.ts'
import { openStore } from '../../server/open-storage.ts'
import { messageOf } from '../../server/platform/errors.ts'
import { type Finding, missing, ok } from './finding.ts'

/** The bucket: reached, written, read and emptied again. Nothing to look at when films lie on the disk. */
export function checkObjectStore(config: Config): Promise<Finding>[] {
  return config.STORAGE === 's3' ? [tryBucket(config)] : []
}

async function tryBucket(config: Config): Promise<Finding> {
  const aside = await mkdtemp(join(tmpdir(), 'rushes-doctor-'))
  const store = await openStore('s3', { ...config, DATA_DIR: aside }, { shared: false, cacheBytes: 0 })
  if (!store) return missing('storage', 'S3 is not configured', 'see .env.example')
  const folder = `checks/${uuidv7()}/`
  try {
    const place = await store.check()
    const draft = await store.draft(`${folder}file`)
    draft.stream.end('is this kept?')
    await once(draft.stream, 'finish')
    const { sizeBytes } = await draft.commit()
    await store.removeAll(folder)
    return ok('storage', `${place}: ${sizeBytes} bytes written and removed`)
  } catch (fault) {
    return missing('storage', messageOf(fault), 'check the S3_ variables, and that the bucket is there')
  } finally {
    await store.stop()
    await rm(aside, { recursive: true, force: true })
  }
}
