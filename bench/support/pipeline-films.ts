import { execFile } from 'node:child_process'
import { open, rename, stat } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const h264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-c:a', 'aac']

/** A minute of 720p in which everything moves and nothing is quiet: the decoder's worst case. */
export async function writeNoisyMinute(path: string): Promise<void> {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30:d=60,noise=alls=12:allf=t']
  const sound = ['-f', 'lavfi', '-i', 'anoisesrc=d=60:a=0.2:r=48000']
  await run('ffmpeg', ['-v', 'error', ...picture, ...sound, ...h264, '-g', '60', '-movflags', '+faststart', path])
}

/** A given film over and over, until it lasts a minute. */
export async function loopToMinute(film: string, path: string): Promise<void> {
  const args = ['-v', 'error', '-stream_loop', '-1', '-i', film, '-t', '60', '-vf', 'scale=1280:-2', ...h264]
  await run('ffmpeg', [...args, '-movflags', '+faststart', path])
}

/** An hour of film with its index (`moov`) after its frames, and on request a box of nothing between, so that it is as large as wanted. */
export async function writeHour(path: string, sizeBytes = 0): Promise<void> {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=2:d=3600']
  const sound = ['-f', 'lavfi', '-i', 'sine=f=440:d=3600']
  await run('ffmpeg', ['-v', 'error', '-y', ...picture, ...sound, ...h264, '-g', '20', '-f', 'mp4', path])
  if (sizeBytes > 0) await padBeforeIndex(path, sizeBytes)
}

/** Offsets in the index point at frames that stay where they are. */
async function padBeforeIndex(path: string, sizeBytes: number): Promise<void> {
  const { size } = await stat(path)
  await using film = await open(path, 'r+')
  const index = await findIndex(film, size)
  const tail = Buffer.alloc(size - index)
  await film.read(tail, 0, tail.length, index)
  const padding = Math.max(8, sizeBytes - size)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(padding)
  head.write('free', 4, 'latin1')
  await film.write(head, 0, 8, index)
  const mebibyte = Buffer.alloc(2 ** 20, 0x5a)
  for (let at = 8; at < padding; at += mebibyte.length)
    await film.write(mebibyte, 0, Math.min(mebibyte.length, padding - at), index + at)
  await film.write(tail, 0, tail.length, index + padding)
}

async function findIndex(film: Awaited<ReturnType<typeof open>>, size: number): Promise<number> {
  const head = Buffer.alloc(16)
  for (let at = 0; at < size; ) {
    await film.read(head, 0, 16, at)
    if (head.toString('latin1', 4, 8) === 'moov') return at
    const short = head.readUInt32BE(0)
    at += short === 1 ? Number(head.readBigUInt64BE(8)) : short
  }
  throw new Error('The film has no index.')
}

/** What putting the index first by a copy costs: the other way to make a film playable. */
export async function copyWithIndexFirst(film: string, target: string): Promise<void> {
  await run('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-i',
    film,
    '-c',
    'copy',
    '-movflags',
    '+faststart',
    '-f',
    'mp4',
    `${target}.part`,
  ])
  await rename(`${target}.part`, target)
}
