/** Draws what nobody would send, the same for the same seed. */
export interface RandomInput {
  /** At least 0 and less than 1. */
  next(): number
  chance(share: number): boolean
  pick<T>(from: readonly T[]): T
  text(): string
  value(depth?: number): unknown
  /** Something that fits the schema more often than not. */
  fit(schema: JsonSchema): unknown
}

export interface JsonSchema {
  type?: string | string[]
  anyOf?: JsonSchema[]
  enum?: unknown[]
  format?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  minimum?: number
  maximum?: number
}

/** What no database keeps. */
const unkept = ['\0', 'x\0y', '\ud800', 'x\udfff']
const texts = [
  ...['', ' ', 'a', '%', '%00', '%zz', '%E0%A4', '\ufeff', '\u2028', '\u202egp4.exe', '/', '\\', ';', '[]', '{}'],
  ...['../../etc/passwd', '..%2f', "' or 1=1 --", '<script>', '=1+1', '\r\nx-injected: 1', '{{7*7}}'],
  ...['__proto__', 'constructor', 'toString', 'null', 'NaN', 'Infinity', '1e309', '-1', '2147483648'],
  ...['9223372036854775808', '01:00:00:00', '99:99:99:99', 'master.m3u8', 'csv', 'true'],
  ...['🎬'.repeat(100), 'a'.repeat(300), 'b'.repeat(5_000), '[['.repeat(200)],
]
const numbers = [
  ...[0, -0, 1, -1, 1.5, 1e-308, 1e308, -1e308, 86_400, 1_000_001, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 3e9],
  ...[Number.MAX_SAFE_INTEGER, 2 ** 53 + 2, 1e21],
]

export function createRandomInput(seed: number, ids: readonly string[]): RandomInput {
  const next = mulberry32(seed)
  const chance = (share: number) => next() < share
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T
  const text = () => pick(chance(0.3) ? unkept : texts)
  const uuids = [...ids, ...ids, ...ids, ids[0]?.toUpperCase() ?? '', '00000000-0000-0000-0000-000000000000', 'no-id']
  const anything: ((depth: number) => unknown)[] = [
    ...[text, text, () => pick(numbers), () => pick([null, true, false]), () => [], () => ({})],
    depth => (depth > 3 ? 'deep' : [value(depth + 1), value(depth + 1)]),
    depth => (depth > 3 ? 'deep' : { [text()]: value(depth + 1), ['__proto__']: value(depth + 1) }),
  ]
  const value = (depth = 0): unknown => pick(anything)(depth)

  const fitObject = ({ properties = {}, required = [] }: JsonSchema) =>
    Object.fromEntries(
      Object.entries(properties)
        .filter(([name]) => chance(required.includes(name) ? 0.95 : 0.25))
        .map(([name, schema]) => [name, fit(schema)]),
    )
  const fit = (schema: JsonSchema): unknown => {
    if (chance(0.1)) return value()
    const one = schema.anyOf ? pick(schema.anyOf) : schema
    if (one.enum) return pick(one.enum)
    const [type] = [one.type].flat()
    if (type === 'object') return fitObject(one)
    if (type === 'array') return Array.from({ length: pick([0, 1, 2, 101]) }, () => fit(one.items ?? {}))
    if (type === 'integer' || type === 'number')
      return pick(chance(0.5) ? [one.minimum ?? 0, one.maximum ?? 1, 1] : numbers)
    if (type === 'boolean') return chance(0.5)
    return one.format === 'uuid' ? pick(uuids) : text()
  }
  return { next, chance, pick, text, value, fit }
}

/** Tommy Ettinger's generator: small, and good enough for this. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
