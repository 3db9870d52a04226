import { MessageSquarePlus, Sparkles } from 'lucide-react'
import { type RefObject, useEffect, useState } from 'react'
import { useDesk } from '../desk.ts'
import { quoted } from './quote.ts'

interface Selected {
  text: string
  startSeconds: number
  top: number
  left: number
}

/** What can be done with the words just selected. */
export function SelectionBar({ scroller }: { scroller: RefObject<HTMLDivElement | null> }) {
  const { write } = useDesk()
  const [selected, setSelected] = useState<Selected | null>(null)

  useEffect(() => {
    const controller = new AbortController()
    const options = { signal: controller.signal }
    const look = () => setSelected(selectedIn(scroller.current))
    document.addEventListener('pointerup', () => setTimeout(look), options)
    document.addEventListener('keyup', event => event.shiftKey && look(), options)
    document.addEventListener('selectionchange', () => getSelection()?.isCollapsed && setSelected(null), options)
    return () => controller.abort()
  }, [scroller])

  if (!selected) return null
  const use = (asking: boolean) => {
    write({ body: `${quoted(selected.text)} `, atSeconds: selected.startSeconds, asking })
    getSelection()?.removeAllRanges()
  }
  return (
    <div
      className="selection-bar"
      role="toolbar"
      aria-label="The selected words"
      style={{ top: selected.top, left: selected.left }}
    >
      <button type="button" onClick={() => use(false)}>
        <MessageSquarePlus size={16} aria-hidden="true" /> Comment
      </button>
      <button type="button" onClick={() => use(true)}>
        <Sparkles size={16} aria-hidden="true" /> Ask
      </button>
    </div>
  )
}

const barWidth = 184

function selectedIn(scroller: HTMLElement | null): Selected | null {
  const selection = getSelection()
  if (!scroller || !selection || selection.isCollapsed || selection.rangeCount === 0) return null
  const range = selection.getRangeAt(0)
  const text = selection.toString().trim()
  const word = firstWordOf(range)
  if (text === '' || !word || !scroller.contains(word)) return null
  const box = range.getBoundingClientRect()
  const panel = scroller.getBoundingClientRect()
  const left = Math.min(Math.max(8, box.left + box.width / 2 - panel.left - barWidth / 2), panel.width - barWidth - 8)
  return { text, startSeconds: Number(word.dataset.start), top: box.top - panel.top + scroller.scrollTop - 44, left }
}

function firstWordOf(range: Range): HTMLElement | null {
  const from = range.startContainer
  const element = from instanceof Element ? from : from.parentElement
  const within = element?.closest<HTMLElement>('[data-start]')
  if (within) return within
  const row = element?.closest('.segment')
  const words = row ? [...row.querySelectorAll<HTMLElement>('[data-start]')] : []
  return words.find(word => range.intersectsNode(word)) ?? null
}
