import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
export async function makeFilm(path: string, options: FilmOptions): Promise<string> {
  const order = orderOf(options)
  // Under the runner all files have one folder for what is temporary: the same film is encoded once for all of them.
  if (process.env.RUSHES_TEST_TEMPLATE === undefined) await run('ffmpeg', [...order, path])
  else await copyFile(await madeOnce(order), path)
  return path
}

async function madeOnce(order: readonly string[]): Promise<string> {
  const folder = join(tmpdir(), 'rushes-films')
  const made = join(folder, `${createHash('sha256').update(order.join(' ')).digest('hex')}.mp4`)
  if (existsSync(made)) return made
  await mkdir(folder, { recursive: true })
  const mine = join(folder, `${randomUUID()}.mp4`)
  await run('ffmpeg', [...order, mine])
  // Whoever made the same meanwhile made the same bytes.
  await rename(mine, made)
  return made
}

function orderOf({ seconds, says, fastStart = true, size = '320x180' }: FilmOptions): string[] {
  const sound =
    says === undefined
      ? `sine=f=440:d=${seconds}`
      : `flite=text='${says.replace(/[':\\]/g, ' ')}':voice=slt,apad=whole_dur=${seconds}`
  return [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=s=${size}:r=15`, '-f', 'lavfi', '-i', sound],
    ...['-shortest', ...(says === undefined ? ['-t', String(seconds)] : [])],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '15', '-c:a', 'aac'],
    ...(fastStart ? ['-movflags', '+faststart'] : []),
  ]
}

/** Minutes that are there at once: the same twenty seconds, again and again. What goes through all of it takes its time. */
export async function makeLongFilm(path: string, minutes = 30): Promise<string> {
  const piece = await makeFilm(`${path}.piece.mp4`, { seconds: 20 })
  const again = ['-stream_loop', String(minutes * 3 - 1), '-i', piece, '-c', 'copy']
  await run('ffmpeg', ['-v', 'error', '-y', ...again, '-movflags', '+faststart', path])
  return path
}
