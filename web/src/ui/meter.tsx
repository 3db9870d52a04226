/** A bar, 0 to 100. */
export function Meter({ percent, label }: { percent: number; label: string }) {
  return (
    <div
      className="meter"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
    >
      <span style={{ transform: `scaleX(${percent / 100})` }} />
    </div>
  )
}
