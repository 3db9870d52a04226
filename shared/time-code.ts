const pad = (value: number): string => String(value).padStart(2, '0')

/** Seconds → `HH:MM:SS`, rounded to the second. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  return `${pad(Math.floor(whole / 3600))}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`
}

/** Seconds → `m:ss`, or `h:mm:ss` from an hour on: what a person reads. Cut, not rounded: it never points past the spot. */
export function timeCode(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const minutes = Math.floor(whole / 60) % 60
  const hours = Math.floor(whole / 3600)
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`
}
