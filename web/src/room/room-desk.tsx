import { useEffect, useRef, useState } from 'react'
import { useSearchParams } from 'wouter'
import type { Scene, Video } from '../../../client-sdk/src/index.ts'
import { type RoomHandle, useScenes, useTranscript } from '../../../client-sdk/src/react/index.ts'
import { useTitle } from '../ui/use-title.ts'
import { DeskContext, useDeskState } from './desk.ts'
import { createPlayback, PlaybackContext } from './playback.ts'
import { Player } from './player.tsx'
import { ProcessingSteps } from './processing-steps.tsx'
import { RoomBar } from './room-bar.tsx'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { SidePanel } from './side-panel.tsx'
import { Timeline } from './timeline/timeline.tsx'
import { useAnswerLight } from './use-answer-light.ts'
import { useRoomShortcuts } from './use-room-shortcuts.ts'
import { useSharedPlayhead } from './use-shared-playhead.ts'

interface RoomDeskProps {
  video: Video
  room: RoomHandle
  name: string | null
  onName: (name: string) => void
}

/** The room with everything in it: the film's clock and the desk are made here, once. */
export function RoomDesk({ video, room, name, onName }: RoomDeskProps) {
  useTitle(`${video.title} · Rushes`)
  const startSeconds = useAskedSecond()
  const [playback] = useState(() => createPlayback({ durationSeconds: video.durationSeconds, startSeconds }))
  const desk = useDeskState()
  const transcript = useTranscript(video, room.state.segments)
  const scenes = useScenes(video) ?? noScenes
  const composer = useRef<HTMLTextAreaElement>(null)
  const searchInput = useRef<HTMLInputElement>(null)
  const [sheet, setSheet] = useState(false)
  useAnswerLight(room.state.messages, desk)
  useSharedPlayhead(playback, room.setPlayhead, room.state.members.length)
  useRoomShortcuts({
    playback,
    desk,
    composer,
    searchInput,
    frameRate: video.frameRate,
    scenes,
    showSheet: () => setSheet(true),
  })

  // A link to another second of this room, followed within the page.
  const before = useRef(startSeconds)
  useEffect(() => {
    if (before.current !== startSeconds) playback.seek(startSeconds)
    before.current = startSeconds
  }, [startSeconds, playback])

  return (
    <PlaybackContext value={playback}>
      <DeskContext value={desk}>
        <div className="room">
          <RoomBar video={video} room={room} onShortcuts={() => setSheet(true)} />
          <main className="room-left">
            <Player video={video} />
            <Timeline
              video={video}
              segments={transcript.segments}
              scenes={scenes}
              messages={room.state.messages}
              playheads={room.state.playheads}
              listening={transcript.state === 'running' || transcript.state === 'pending'}
            />
            <ProcessingSteps video={video} />
          </main>
          <SidePanel
            video={video}
            room={room}
            transcript={transcript}
            name={name}
            onName={onName}
            inputs={{ composer, searchInput }}
          />
        </div>
        {sheet ? <ShortcutSheet onClose={() => setSheet(false)} /> : null}
      </DeskContext>
    </PlaybackContext>
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
