const sizeUnits = ['B', 'kB', 'MB', 'GB', 'TB']

/** `12.4 MB`. */
export function byteSize(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(sizeUnits.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${sizeUnits[power]}`
}

/** `8 s`, `3 min`, `2 h`: how long it will still take, said roughly. */
export function roughTime(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3600)} h`
}

const ageUnits: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' })
const calendar = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' })

/** `now`, `3 min. ago`, `yesterday`, and a date after a week. */
export function age(timestamp: string, now = Date.now()): string {
  const seconds = (now - Date.parse(timestamp)) / 1000
  if (seconds > 7 * 86_400) return calendar.format(new Date(timestamp))
  const unit = ageUnits.find(([, size]) => seconds >= size)
  return unit ? relative.format(-Math.floor(seconds / unit[1]), unit[0]) : 'now'
}

export const countOf = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`: how long it took. */
export function spanOfTime(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  const [large, small] =
    minutes < 60
      ? [`${minutes} min`, whole % 60 && `${whole % 60} s`]
      : [`${Math.floor(minutes / 60)} h`, minutes % 60 && `${minutes % 60} min`]
  return small ? `${large} ${small}` : large
}
