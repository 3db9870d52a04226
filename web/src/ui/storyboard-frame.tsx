import './storyboard-frame.css'
import type { Storyboard, StoryboardTile } from '../../../client-sdk/src/index.ts'

/** The picture of a second: the last one before it, or the first. */
export function tileAt({ tiles }: Storyboard, seconds: number): StoryboardTile | undefined {
  return tiles.findLast(tile => tile.startSeconds <= seconds) ?? tiles[0]
}

interface StoryboardFrameProps {
  storyboard: Storyboard
  seconds: number
}

/** One small picture out of the sheet, as large as it is stored. */
export function StoryboardFrame({ storyboard, seconds }: StoryboardFrameProps) {
  const tile = tileAt(storyboard, seconds)
  if (!tile) return null
  const { x, y, width, height } = tile
  return (
    <span
      className="storyboard-frame"
      data-at={tile.startSeconds}
      style={{ width, height, backgroundImage: `url("${storyboard.sheetUrl}")`, backgroundPosition: `-${x}px -${y}px` }}
    />
  )
}
