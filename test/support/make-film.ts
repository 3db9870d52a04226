import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface FilmOptions {
  seconds: number
  /** Said by flite's slt voice; the film is as long as it takes, and at least `seconds`. */
  says?: string
  /** The index at the end, as cameras and ffmpeg leave it. */
  fastStart?: boolean
  size?: string
}

/** A small real film: moving test picture, H.264, and speech or a tone as AAC. */
export async function makeFilm(
  path: string,
  { seconds, says, fastStart = true, size = '320x180' }: FilmOptions,
): Promise<string> {
  const sound =
    says === undefined
      ? `sine=f=440:d=${seconds}`
      : `flite=text='${says.replace(/[':\\]/g, ' ')}':voice=slt,apad=whole_dur=${seconds}`
  const picture = `testsrc2=s=${size}:r=15`
  await run('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', sound],
    ...[
      '-shortest',
      ...(says === undefined ? ['-t', String(seconds)] : []),
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      '-g',
      '15',
    ],
    ...['-c:a', 'aac', ...(fastStart ? ['-movflags', '+faststart'] : []), path],
  ])
  return path
}

/** Minutes that are there at once: the same twenty seconds, again and again. What goes through all of it takes its time. */
export async function makeLongFilm(path: string, minutes = 30): Promise<string> {
  const piece = await makeFilm(`${path}.piece.mp4`, { seconds: 20 })
  const again = ['-stream_loop', String(minutes * 3 - 1), '-i', piece, '-c', 'copy']
  await run('ffmpeg', ['-v', 'error', '-y', ...again, '-movflags', '+faststart', path])
  return path
}
