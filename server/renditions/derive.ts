import { writeFile } from 'node:fs/promises'
import type { JobContext } from '../platform/jobs/index.ts'
import type { VideoRecord } from '../videos/index.ts'
import type { RenditionOptions } from './options.ts'
import type { Source } from './source.ts'

export interface Deriving {
  options: RenditionOptions
  record: VideoRecord
  context: JobContext
  report: Source['report']
  key: string
}

/** Where a finished file lies, and how large it is. */
export interface Stored {
  key: string
  sizeBytes: number
}

/** Makes one blob of a film's original, beside its place and then renamed. Nothing is kept when `make` answers null. */
export async function derive<T>(
  { options, record, context, report, key }: Deriving,
  make: (source: Source, target: string) => Promise<T | null>,
) {
  const { ffmpeg, blobs, timeoutSeconds } = options
  return blobs.withFile(record.blobs.original, async (path): Promise<{ file: Stored; made: T } | null> => {
    const draft = await blobs.draft(key, { signal: context.signal })
    try {
      const made = await make({ ffmpeg, record, path, signal: context.signal, timeoutSeconds, report }, draft.path)
      return made === null ? null : { made, file: { key, sizeBytes: (await draft.commit()).sizeBytes } }
    } finally {
      await draft.discard()
    }
  })
}

/** A small blob, whole. */
export async function writeBlob(
  { blobs }: Pick<RenditionOptions, 'blobs'>,
  key: string,
  bytes: string | Uint8Array,
): Promise<Stored> {
  const draft = await blobs.draft(key)
  try {
    await writeFile(draft.path, bytes)
    return { key, sizeBytes: (await draft.commit()).sizeBytes }
  } finally {
    await draft.discard()
  }
}
