import type { Adaptive } from './use-hls.ts'

/** Ours: the player library's wants an element that knows its renditions, which a plain video does not. */
export function QualityMenu({ qualities, chosen, choose }: Adaptive) {
  if (qualities.length < 2) return null
  return (
    <select
      className="bar-button quality"
      aria-label="Quality"
      title="Quality"
      value={chosen}
      onChange={event => choose(Number(event.target.value))}
    >
      <option value={-1}>Auto</option>
      {qualities.map(({ level, label }) => (
        <option key={level} value={level}>
          {label}
        </option>
      ))}
    </select>
  )
}
