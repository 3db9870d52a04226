import { type PointerEvent, useRef, useState } from 'react'
import { timeCode, type Video } from '../../../client-sdk/src/index.ts'
import { useStoryboard } from '../../../client-sdk/src/react/index.ts'
import { StoryboardFrame } from '../ui/storyboard-frame.tsx'
import { useWidth } from '../ui/use-width.ts'

/** Moving over a poster goes through its film. The storyboard is loaded when someone first points at it. */
export function PosterScrub({ video }: { video: Video }) {
  const layer = useRef<HTMLSpanElement>(null)
  const width = useWidth(layer)
  const [part, setPart] = useState<number | null>(null)
  const [wanted, setWanted] = useState(false)
  const storyboard = useStoryboard(video, wanted)
  const onMove = (event: PointerEvent) => {
    // A finger scrolls; it does not hover.
    if (event.pointerType !== 'mouse') return
    const box = event.currentTarget.getBoundingClientRect()
    setWanted(true)
    setPart(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)))
  }
  const seconds = (part ?? 0) * video.durationSeconds
  const [tile] = storyboard?.tiles ?? []
  return (
    <span className="poster-scrub" ref={layer} onPointerMove={onMove} onPointerLeave={() => setPart(null)}>
      {storyboard && tile && part !== null ? (
        <>
          <span
            className="poster-frame"
            style={{ scale: scaleToCover(tile, width), width: tile.width, height: tile.height }}
          >
            <StoryboardFrame storyboard={storyboard} seconds={seconds} />
          </span>
          <span className="poster-line" style={{ width: `${part * 100}%` }} />
          <span className="poster-at">{timeCode(seconds)}</span>
        </>
      ) : null}
    </span>
  )
}

/** Posters are 16 : 9; a picture of another shape is cut like the poster is. */
const scaleToCover = (tile: { width: number; height: number }, width: number): number =>
  Math.max(width / tile.width, (width * 9) / 16 / tile.height)
