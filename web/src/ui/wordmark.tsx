/** Three bars of a timeline, the middle one the playhead. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <rect x="4.5" y="8.5" width="3" height="7" rx="1.5" fill="currentColor" />
      <rect x="16.5" y="9.75" width="3" height="4.5" rx="1.5" fill="currentColor" opacity="0.5" />
      <rect x="10.5" y="3" width="3" height="18" rx="1.5" fill="var(--accent)" />
    </svg>
  )
}

export function Wordmark() {
  return (
    <span className="wordmark">
      <Mark />
      rushes
    </span>
  )
}
