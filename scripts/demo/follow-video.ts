import type { Room, Stage, Video } from '../../client-sdk/src/index.ts'
import { createBars } from './bars.ts'

/** Shows each stage as the room tells of it. Resolves when the video is ready; throws why it will never be. */
export async function followVideo(room: Room, out: NodeJS.WriteStream, signal: AbortSignal): Promise<Video> {
  const stages = room.video.progress.stages.filter(stage => stage.name !== 'upload')
  const bars = createBars(
    stages.map(stage => stage.name),
    out,
  )
  const show = ({ name, state, percent }: Stage, note?: string) => {
    const told = note === undefined ? {} : { note }
    bars.set(name, { state: state === 'pending' ? 'waiting' : state, percent, ...told })
  }
  for (const stage of stages) show(stage)

  const settled = Promise.withResolvers<void>()
  const onAbort = () => settled.reject(signal.reason)
  const look = () => {
    const { status, error } = room.video
    if (status === 'ready') settled.resolve()
    if (status === 'error') settled.reject(new Error(error?.message ?? 'The film could not be processed.'))
  }
  signal.addEventListener('abort', onAbort, { once: true })
  const stops = [
    room.on('progress', ({ stage, percent, etaSeconds }) => {
      bars.set(stage, { state: 'running', percent, note: etaSeconds === undefined ? '' : `${etaSeconds} s to go` })
    }),
    room.on('video.stage_changed', ({ stage, state, reason }) =>
      bars.set(stage, { state: state === 'pending' ? 'waiting' : state, ...(reason ? { note: reason } : {}) }),
    ),
    room.on('event', look),
    room.on('closed', settled.reject),
  ]
  look()
  try {
    await settled.promise
    return room.video
  } finally {
    bars.end()
    for (const stop of stops) stop()
    signal.removeEventListener('abort', onAbort)
  }
}
