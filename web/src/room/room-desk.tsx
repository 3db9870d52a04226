import { useEffect, useRef, useState } from 'react'
import { useSearchParams } from 'wouter'
import type { Scene, Video } from '../../../client-sdk/src/index.ts'
import { useMessages, useScenes, useTranscript, useUnread } from '../../../client-sdk/src/react/index.ts'
import { useTitle } from '../ui/use-title.ts'
import { Deck } from './deck.tsx'
import { DeskContext, useDeskState } from './desk.ts'
import { createPlayback, PlaybackContext } from './playback.ts'
import { Player } from './player.tsx'
import { ProcessingSteps } from './processing-steps.tsx'
import { RoomBar } from './room-bar.tsx'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { SidePanel } from './side-panel.tsx'
import { Timeline } from './timeline/timeline.tsx'
import { useAnswerLight } from './use-answer-light.ts'
import { useFound } from './use-found.ts'
import type { Me } from './use-name.ts'
import { useRoomShortcuts } from './use-room-shortcuts.ts'
import { WatchBand } from './watch-control.tsx'
import { WatchProvider } from './watching.tsx'

interface RoomDeskProps {
  video: Video
  me: Me
}

/** The room with everything in it: the film's clock and the desk are made here, once. */
export function RoomDesk({ video, me }: RoomDeskProps) {
  const startSeconds = useAskedSecond()
  const [playback] = useState(() => createPlayback({ durationSeconds: video.durationSeconds, startSeconds }))
  const desk = useDeskState()

  // A link to another second of this room, followed within the page.
  const before = useRef(startSeconds)
  useEffect(() => {
    if (before.current !== startSeconds) playback.seek(startSeconds)
    before.current = startSeconds
  }, [startSeconds, playback])

  return (
    <PlaybackContext value={playback}>
      <DeskContext value={desk}>
        <WatchProvider>
          <Furniture video={video} me={me} />
        </WatchProvider>
      </DeskContext>
    </PlaybackContext>
  )
}

function Furniture({ video, me }: RoomDeskProps) {
  const { messages } = useMessages()
  const unread = useUnread()
  const transcript = useTranscript(video)
  const found = useFound(video.id, transcript.segments)
  const scenes = useScenes(video) ?? noScenes
  const composer = useRef<HTMLTextAreaElement>(null)
  const searchInput = useRef<HTMLInputElement>(null)
  const [sheet, setSheet] = useState(false)
  useTitle(`${unread.messages > 0 ? `(${unread.messages}) ` : ''}${video.title} · Rushes`)
  useAnswerLight(messages)
  useRoomShortcuts({ searchInput, frameRate: video.frameRate, scenes, showSheet: () => setSheet(true) })
  return (
    <>
      <div className="room">
        <RoomBar video={video} name={me.shownName} onShortcuts={() => setSheet(true)} />
        <main className="room-left">
          <div className="stage-place">
            <Player video={video} />
            <WatchBand />
          </div>
          <Deck />
          <Timeline
            video={video}
            segments={transcript.segments}
            matches={found.matches}
            scenes={scenes}
            messages={messages}
            listening={transcript.state === 'running' || transcript.state === 'pending'}
          />
          <ProcessingSteps />
        </main>
        <SidePanel video={video} transcript={transcript} found={found} me={me} inputs={{ composer, searchInput }} />
      </div>
      {sheet ? <ShortcutSheet onClose={() => setSheet(false)} /> : null}
    </>
  )
}

/** The same empty list each time: what depends on it is not drawn again. */
const noScenes: Scene[] = []

/** `?t=` of the address, in seconds. */
function useAskedSecond(): number {
  const [params] = useSearchParams()
  const seconds = Number(params.get('t') ?? 0)
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0
}
