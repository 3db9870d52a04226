import type { PreviousUpload } from 'tus-js-client'
import { resumablePath } from '../../../shared/index.ts'
import type { HttpCaller } from '../http/call.ts'
import type { CallOptions } from '../options.ts'
import { RushesError } from '../rushes-error.ts'

/** An upload that this browser began and did not end: given the same file again, `upload` goes on where it was. */
export interface UnfinishedUpload {
  /** As `uploadState` takes it. */
  id: string
  filename: string
  sizeBytes: number
  /** ISO 8601. */
  startedAt: string
}

export interface UnfinishedUploads {
  list(options?: CallOptions): Promise<UnfinishedUpload[]>
  discard(id: string): Promise<void>
}

/** What tus-js-client notes in the browser's storage, as far as the server still waits for it. */
export function createUnfinishedUploads(http: HttpCaller): UnfinishedUploads {
  const ours = `${http.addressOf(resumablePath)}/`

  const noted = async () => {
    if (!http.isBrowser || !anyNoted()) return []
    const { defaultOptions } = await import('tus-js-client')
    const storage = defaultOptions.urlStorage
    const all = await storage.findAllUploads()
    return all.flatMap(note => {
      const id = note.uploadUrl?.startsWith(ours) ? note.uploadUrl.slice(ours.length) : ''
      return id ? [{ id, note, forget: () => storage.removeUpload(note.urlStorageKey) }] : []
    })
  }

  return {
    async list(options) {
      const waiting = (await noted()).map(async ({ id, note, forget }) => {
        if (await isAwaited(http, id, options)) return [shown(id, note)]
        await forget()
        return []
      })
      return (await Promise.all(waiting)).flat().toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))
    },
    async discard(id) {
      const { Upload } = await import('tus-js-client')
      const headers = await http.credentials.headers().catch(() => ({}))
      // What could not be removed expires.
      await Upload.terminate(ours + id, { headers, retryDelays: null }).catch(() => {})
      for (const each of await noted()) if (each.id === id) await each.forget()
    },
  }
}

const shown = (id: string, { metadata, size, creationTime }: PreviousUpload): UnfinishedUpload => ({
  id,
  filename: metadata.filename ?? 'video',
  sizeBytes: size ?? 0,
  startedAt: new Date(creationTime).toISOString(),
})

async function isAwaited(http: HttpCaller, id: string, options: CallOptions | undefined): Promise<boolean> {
  try {
    const { upload } = await http.call('uploads.get', { params: { id } }, options)
    return upload.status === 'waiting' || upload.status === 'receiving'
  } catch (fault) {
    if (fault instanceof RushesError && (fault.status === 404 || fault.status === 410)) return false
    throw fault
  }
}

/** Without one, tus-js-client need not be loaded. */
function anyNoted(): boolean {
  try {
    return Object.keys(localStorage).some(key => key.startsWith('tus::'))
  } catch {
    return false // storage is forbidden here: nothing can have been noted
  }
}
