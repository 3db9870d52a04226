import type { DirectUpload, Video } from '../../../shared/index.ts'
import type { HttpCaller } from '../http/call.ts'
import type { UploadSource } from './upload-source.ts'

/** Makes the video first: what can't travel in parts (captions, an idempotency key) goes along with that. */
export type Announce = () => Promise<{ video: Video; upload: DirectUpload }>

export interface Announced {
  title: string | undefined
  captions: string | undefined
  idempotencyKey: string | undefined
  signal: AbortSignal | undefined
}

/** Undefined where a film in parts needs none of it: then its video comes with its last byte. */
export function announcing(
  http: HttpCaller,
  { filename, sizeBytes }: UploadSource,
  { title, captions, idempotencyKey, signal }: Announced,
): Announce | undefined {
  if (captions === undefined && idempotencyKey === undefined) return undefined
  const body = {
    ...{ filename, title, captions },
    ...(sizeBytes === null || sizeBytes === 0 ? {} : { sizeBytes }),
  }
  return () => http.call('videos.createUpload', { body }, { signal, idempotencyKey })
}

/** As JSON carries them; null when they are in an encoding that it can't carry. */
export async function captionsText(captions: string | Blob): Promise<string | null> {
  if (typeof captions === 'string') return captions
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await captions.arrayBuffer())
  } catch {
    // Not UTF-8: a form carries the bytes as they are, and the server knows what to make of them.
    return null
  }
}
