import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A short film, and then a box of noise that players skip: as large as wanted, without minutes of encoding. */
export async function writePaddedFilm(path: string, sizeBytes: number): Promise<string> {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=10:d=2', '-pix_fmt', 'yuv420p', '-movflags', '+faststart']
  await run('ffmpeg', ['-v', 'error', ...picture, path])
  const noise = randomBytes(sizeBytes - (await stat(path)).size)
  noise.writeUInt32BE(noise.length)
  noise.write('free', 4)
  await appendFile(path, noise)
  return path
}

/** So many seconds of moving 720p with noise and sound, a keyframe every two seconds. */
export async function writePicturedFilm(path: string, seconds: number): Promise<string> {
  const picture = ['-f', 'lavfi', '-i', `testsrc2=s=1280x720:r=30:d=${seconds},noise=alls=20:allf=t`]
  const sound = ['-f', 'lavfi', '-i', `anoisesrc=d=${seconds}:a=0.2:r=48000`]
  const codecs = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '60', '-pix_fmt', 'yuv420p', '-c:a', 'aac']
  await run('ffmpeg', ['-v', 'error', ...picture, ...sound, ...codecs, '-movflags', '+faststart', path])
  return path
}
