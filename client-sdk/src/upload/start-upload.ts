import type { Video } from '../../../shared/index.ts'
import type { Brake, PartsListener } from './send-in-parts.ts'
import type { UploadOptions } from './upload.ts'

/** `reconnecting`: the connection broke, and is tried again by itself. */
export type UploadActivity = 'sending' | 'reconnecting' | 'paused' | 'done' | 'failed' | 'cancelled'

/** What can be told of a running upload at one time. */
export interface UploadStanding {
  state: UploadActivity
  /** It goes in parts and the server has begun to take them: `pause` stops it. */
  canPause: boolean
}

export interface StartUploadOptions extends UploadOptions {
  /** Called when something of it has changed. */
  onState?: ((standing: UploadStanding) => void) | undefined
}

/** An upload that is under way, and what can be done with it. */
export interface RunningUpload extends Readonly<UploadStanding> {
  /** Stops it where it is; the server keeps what it has until the upload expires. Nothing happens without `canPause`. */
  pause(): void
  /** Goes on from where it was. While it is `reconnecting`: tries at once. */
  resume(): void
  /** Ends it and removes what was sent. `done` then throws an `AbortError`. */
  cancel(): void
  /** As `videos.upload`. Whoever looks at `state` alone need not await it. */
  readonly done: Promise<Video>
}

type Send = (options: UploadOptions & PartsListener) => Promise<Video>

export function startUpload(send: Send, options: StartUploadOptions = {}): RunningUpload {
  const { onState, signal: given, ...rest } = options
  const controller = new AbortController()
  const signal = given ? AbortSignal.any([given, controller.signal]) : controller.signal
  const standing: UploadStanding = { state: 'sending', canPause: false }
  let brake: Brake | undefined
  const isOver = () => !['sending', 'reconnecting', 'paused'].includes(standing.state)
  const change = (next: Partial<UploadStanding>) => {
    const { state, canPause } = { ...standing, ...next }
    if (isOver() || (state === standing.state && canPause === standing.canPause)) return
    Object.assign(standing, { state, canPause })
    onState?.({ state, canPause })
  }
  const end = (state: UploadActivity) => change({ state, canPause: false })

  const done = send({
    ...rest,
    signal,
    onPausable(given) {
      brake = given
      change({ canPause: true })
    },
    onConnectionLost: lost => change({ state: lost ? 'reconnecting' : 'sending' }),
  })
  done.then(
    () => end('done'),
    () => end(signal.aborted ? 'cancelled' : 'failed'),
  )
  return {
    done,
    get state() {
      return standing.state
    },
    get canPause() {
      return standing.canPause
    },
    pause() {
      if (!brake || standing.state === 'paused' || isOver()) return
      brake.pause()
      change({ state: 'paused' })
    },
    resume() {
      if (!brake || standing.state === 'sending' || isOver()) return
      change({ state: 'sending' })
      brake.resume()
    },
    cancel() {
      controller.abort()
      end('cancelled')
    },
  }
}
