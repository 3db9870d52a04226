import { type MemberId, type VideoId, videoStream } from '../../shared/index.ts'
import type { NotifyAll, SocketCaller } from '../platform/hub/index.ts'

/** Who is typing. It ends when they say so, when what they typed is there, when they leave, and when they don't renew it. */
export interface Typing {
  set(videoId: VideoId, caller: SocketCaller, typing: boolean): void
  leave(videoId: VideoId, caller: SocketCaller): void
  /** Something of theirs has come. */
  said(videoId: VideoId, memberId: MemberId): void
  stop(): void
}

interface Typist {
  videoId: VideoId
  memberId: MemberId
  name: string
  /** By connection: when it ends. */
  tabs: Map<string, number>
  toldMs: number
}

/** Renewing is passed on, for those who have just come, but not each key. */
const tellAgainMs = 1_000

export function createTyping({ notify, endsMs }: { notify: NotifyAll; endsMs: number }): Typing {
  const typists = new Map<string, Typist>()
  const keyOf = (videoId: VideoId, { memberId }: Pick<SocketCaller, 'memberId'>) => `${videoId} ${memberId}`
  const tell = ({ videoId, memberId, name }: Typist, typing: boolean) =>
    notify(videoStream(videoId), 'typing', { videoId, memberId, name, typing })

  const end = (key: string, connectionId: string) => {
    const typist = typists.get(key)
    if (!typist?.tabs.delete(connectionId) || typist.tabs.size > 0) return
    typists.delete(key)
    tell(typist, false)
  }
  const begin = (videoId: VideoId, { connectionId, memberId, name }: SocketCaller, key: string) => {
    const nowMs = performance.now()
    const typist = typists.get(key) ?? { videoId, memberId, name, tabs: new Map(), toldMs: Number.NEGATIVE_INFINITY }
    typists.set(key, typist)
    typist.tabs.set(connectionId, nowMs + endsMs)
    if (nowMs - typist.toldMs < tellAgainMs) return
    typist.toldMs = nowMs
    tell(typist, true)
  }
  const endOld = () => {
    const nowMs = performance.now()
    for (const [key, { tabs }] of typists)
      for (const [connectionId, endMs] of tabs) if (endMs <= nowMs) end(key, connectionId)
  }
  const timer = setInterval(endOld, endsMs / 8)
  timer.unref()

  return {
    set(videoId, caller, typing) {
      const key = keyOf(videoId, caller)
      if (typing) begin(videoId, caller, key)
      else end(key, caller.connectionId)
    },
    leave: (videoId, caller) => end(keyOf(videoId, caller), caller.connectionId),
    said(videoId, memberId) {
      const key = keyOf(videoId, { memberId })
      for (const connectionId of [...(typists.get(key)?.tabs.keys() ?? [])]) end(key, connectionId)
    },
    stop: () => clearInterval(timer),
  }
}
