import { type KeyboardEvent, type RefObject, useRef } from 'react'
import type { Video } from '../../../client-sdk/src/index.ts'
import type { RoomHandle, TranscriptView } from '../../../client-sdk/src/react/index.ts'
import { type Tab, useDesk } from './desk.ts'
import { TalkPanel } from './talk/talk-panel.tsx'
import { TranscriptPanel } from './transcript/transcript-panel.tsx'

interface SidePanelProps {
  video: Video
  room: RoomHandle
  transcript: TranscriptView
  name: string | null
  onName: (name: string) => void
  inputs: { composer: RefObject<HTMLTextAreaElement | null>; searchInput: RefObject<HTMLInputElement | null> }
}

const tabs: { id: Tab; title: string }[] = [
  { id: 'talk', title: 'Talk' },
  { id: 'transcript', title: 'Transcript' },
]

export function SidePanel({ video, room, transcript, name, onName, inputs }: SidePanelProps) {
  const { tab } = useDesk()
  return (
    <aside className="room-right" aria-label="Talk and transcript">
      <TabList talkCount={room.state.messages.length} />
      {/* Both stay: what is being written and where one was reading survive a look at the other. */}
      <div className="tab-panel" role="tabpanel" id="panel-talk" aria-labelledby="tab-talk" hidden={tab !== 'talk'}>
        <TalkPanel room={room} name={name} onName={onName} composer={inputs.composer} />
      </div>
      <div
        className="tab-panel"
        role="tabpanel"
        id="panel-transcript"
        aria-labelledby="tab-transcript"
        hidden={tab !== 'transcript'}
      >
        <TranscriptPanel video={video} transcript={transcript} searchInput={inputs.searchInput} />
      </div>
    </aside>
  )
}

function TabList({ talkCount }: { talkCount: number }) {
  const { tab, show } = useDesk()
  const list = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
    event.preventDefault()
    const next = tab === 'talk' ? 'transcript' : 'talk'
    show(next)
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus()
  }
  return (
    <div className="tabs" role="tablist" aria-label="Beside the film" ref={list} onKeyDown={onKeyDown}>
      {tabs.map(({ id, title }) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`tab-${id}`}
          aria-controls={`panel-${id}`}
          aria-selected={tab === id}
          tabIndex={tab === id ? 0 : -1}
          onClick={() => show(id)}
        >
          {title}
          {id === 'talk' && talkCount > 0 ? <span className="tab-count">{talkCount}</span> : null}
        </button>
      ))}
    </div>
  )
}
