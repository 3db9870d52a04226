import { type KeyboardEvent, type RefObject, useRef } from 'react'
import type { Video } from '../../../client-sdk/src/index.ts'
import { type TranscriptView, useUnread } from '../../../client-sdk/src/react/index.ts'
import { type Tab, useDesk } from './desk.ts'
import { ExportMenu } from './export-menu.tsx'
import { TalkPanel } from './talk/talk-panel.tsx'
import { TranscriptPanel } from './transcript/transcript-panel.tsx'
import type { Found } from './use-found.ts'
import type { Me } from './use-name.ts'

interface SidePanelProps {
  video: Video
  transcript: TranscriptView
  found: Found
  me: Me
  inputs: { composer: RefObject<HTMLTextAreaElement | null>; searchInput: RefObject<HTMLInputElement | null> }
}

const tabs: { id: Tab; title: string }[] = [
  { id: 'talk', title: 'Talk' },
  { id: 'transcript', title: 'Transcript' },
]

export function SidePanel({ video, transcript, found, me, inputs }: SidePanelProps) {
  const { tab } = useDesk()
  return (
    <aside className="room-right" aria-label="Talk and transcript">
      <div className="tab-bar">
        <TabList />
        <ExportMenu video={video} />
      </div>
      {/* Both stay: what is being written and where one was reading survive a look at the other. */}
      <div className="tab-panel" role="tabpanel" id="panel-talk" aria-labelledby="tab-talk" hidden={tab !== 'talk'}>
        <TalkPanel me={me} composer={inputs.composer} />
      </div>
      <div
        className="tab-panel"
        role="tabpanel"
        id="panel-transcript"
        aria-labelledby="tab-transcript"
        hidden={tab !== 'transcript'}
      >
        <TranscriptPanel video={video} transcript={transcript} found={found} searchInput={inputs.searchInput} />
      </div>
    </aside>
  )
}

function TabList() {
  const unread = useUnread()
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
          {title}{' '}
          {id === 'talk' && unread.messages > 0 ? (
            <span className="tab-count" data-mentioned={unread.mentions > 0}>
              {unread.messages}
              <span className="unseen"> new</span>
            </span>
          ) : null}
        </button>
      ))}
    </div>
  )
}
