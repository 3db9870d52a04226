import type { Ffmpeg, MediaStream } from '../media/index.ts'
import { AppError } from '../platform/errors.ts'

const decodeTimeoutSeconds = 30

export interface Source {
  ffmpeg: Ffmpeg
  path: string
  signal: AbortSignal | undefined
}

/** Whether a first picture, or a first piece of sound, comes out of a stream. A header proves nothing. */
export async function decodes({ ffmpeg, path, signal }: Source, { kind, index, codec }: MediaStream): Promise<boolean> {
  if (codec === null) return false
  const once = kind === 'video' ? '-frames:v' : '-frames:a'
  try {
    const printed = await ffmpeg.capture(
      { inputs: [{ path }], options: ['-map', `0:${index}`, once, '1', '-f', 'framecrc'] },
      { timeoutSeconds: decodeTimeoutSeconds, ...(signal && { signal }) },
    )
    return printed.split('\n').some(line => line !== '' && !line.startsWith('#'))
  } catch (fault) {
    // The answer to the question, not a fault of ours.
    if (fault instanceof AppError && fault.code === 'media.failed') return false
    throw fault
  }
}
