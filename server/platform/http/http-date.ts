const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const time = '(?<time>\\d\\d:\\d\\d:\\d\\d)'
const shapes = [
  // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^[A-Z][a-z]{2}, (?<day>\\d\\d) (?<month>[A-Z][a-z]{2}) (?<year>\\d{4}) ${time} GMT$`),
  // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(`^[A-Z][a-z]{5,8}, (?<day>\\d\\d)-(?<month>[A-Z][a-z]{2})-(?<year>\\d\\d) ${time} GMT$`),
  // asctime: Sun Nov  6 08:49:37 1994
  new RegExp(`^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \\d]\\d) ${time} (?<year>\\d{4})$`),
]

/** Milliseconds since 1970, or null when it is none of the three forms that RFC 9110, 5.6.7 has a recipient accept. */
export function parseHttpDate(text: string, nowMs = Date.now()): number | null {
  for (const shape of shapes) {
    const parts = shape.exec(text)?.groups
    if (!parts) continue
    const { day = '', month = '', year = '', time = '' } = parts
    const [hour = NaN, minute = NaN, second = NaN] = time.split(':').map(Number)
    const at = new Date(Date.UTC(fullYear(year, nowMs), months.indexOf(month), Number(day), hour, minute, second))
    // Date carries over (31 Feb, 25:00); a real date comes back as it was written.
    const real =
      at.getUTCMonth() === months.indexOf(month) && at.getUTCDate() === Number(day) && at.getUTCHours() === hour
    return real ? at.getTime() : null
  }
  return null
}

/** RFC 9110, 5.6.7: two digits "more than 50 years in the future" stand for "the most recent year in the past". */
function fullYear(year: string, nowMs: number): number {
  if (year.length === 4) return Number(year)
  const now = new Date(nowMs).getUTCFullYear()
  const guess = now - (now % 100) + Number(year)
  return guess > now + 50 ? guess - 100 : guess
}
