import { MessageSquarePlus, Sparkles } from 'lucide-react'
import { type RefObject, useEffect, useState } from 'react'
import { useDesk } from '../desk.ts'
import { quoted } from './quote.ts'

interface Selected {
  text: string
  startSeconds: number
  endSeconds: number
  top: number
  left: number
}

/** What can be done with the words just selected. */
export function SelectionBar({ scroller }: { scroller: RefObject<HTMLDivElement | null> }) {
  const { write, mark } = useDesk()
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
    mark({ startSeconds: selected.startSeconds, endSeconds: selected.endSeconds })
    write({ body: `${quoted(selected.text)} `, asking })
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
const barHeight = 44

function selectedIn(scroller: HTMLElement | null): Selected | null {
  const selection = getSelection()
  if (!scroller || !selection || selection.isCollapsed || selection.rangeCount === 0) return null
  const range = selection.getRangeAt(0)
  const text = selection.toString().trim()
  const words = wordsIn(range, scroller)
  const [first] = words
  const last = words.at(-1)
  if (text === '' || !first || !last) return null
  const box = range.getBoundingClientRect()
  const panel = scroller.getBoundingClientRect()
  const left = Math.min(Math.max(8, box.left + box.width / 2 - panel.left - barWidth / 2), panel.width - barWidth - 8)
  const span = { startSeconds: Number(first.dataset.start), endSeconds: Number(last.dataset.end) }
  // Above the words, or below them where the panel ends.
  const above = box.top - panel.top - barHeight
  return { text, ...span, top: scroller.scrollTop + (above < 0 ? box.bottom - panel.top + 8 : above), left }
}

/** The words that some of the selection lies in. One that ends where a word begins does not mean that word. */
function wordsIn(range: Range, scroller: HTMLElement): HTMLElement[] {
  return [...scroller.querySelectorAll<HTMLElement>('[data-start]')].filter(word => {
    if (!range.intersectsNode(word)) return false
    const inside = document.createRange()
    inside.selectNodeContents(word)
    const startsBefore = range.compareBoundaryPoints(Range.END_TO_START, inside) < 0
    return startsBefore && range.compareBoundaryPoints(Range.START_TO_END, inside) > 0
  })
}
