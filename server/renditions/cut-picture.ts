import { stat } from 'node:fs/promises'
import type { Ffmpeg } from '../media/index.ts'
import type { VideoRecord } from '../videos/index.ts'
import { fitInto } from './source.ts'

export interface Cut {
  /** Of the film, as a local file. */
  path: string
  target: string
  record: VideoRecord
  atSeconds: number
  /** In pixels; a smaller film keeps its own. */
  width: number
}

const timeoutSeconds = 30
/** The sound may go on after the last picture: then that one is shown, or one a little before it. */
const stepsBackSeconds = [0, 0.2, 1, 5]

/** Writes the frame shown at a second of the film as JPEG. Answers whether there was one. */
export async function cutPicture(ffmpeg: Ffmpeg, cut: Cut): Promise<boolean> {
  for (const back of stepsBackSeconds) {
    const atSeconds = Math.max(0, cut.atSeconds - back)
    await cutAt(ffmpeg, { ...cut, atSeconds })
    if ((await stat(cut.target)).size > 0) return true
    if (atSeconds === 0) break
  }
  return false
}

async function cutAt(ffmpeg: Ffmpeg, { path, target, record, atSeconds, width }: Cut): Promise<void> {
  const { width: filmWidth, height: filmHeight } = record.video
  const film = { width: filmWidth ?? 2, height: filmHeight ?? 2 }
  const size = fitInto(film, Math.max(film.width, film.height) * Math.min(1, width / film.width))
  const options = [
    ...['-map', `0:${record.videoStream}`, '-frames:v', '1', '-fps_mode', 'passthrough'],
    ...['-vf', `scale=${size.width}:${size.height}:out_range=pc,setsar=1,format=yuvj420p`],
    ...['-c:v', 'mjpeg', '-q:v', '4', '-f', 'mjpeg'],
  ]
  const seek = ['-ss', atSeconds.toFixed(3)]
  await ffmpeg.run({ inputs: [{ path, options: seek }], outputs: [{ path: target, options }] }, supervision)
}

/** Someone looks at an empty place until it is there. Who asked may go away: others may wait for the same one. */
const supervision = { timeoutSeconds, pace: 'quick' } as const
