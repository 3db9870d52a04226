import type { JsonSchema, RandomInput } from './random-input.ts'

export interface OpenApi {
  paths: Record<string, Record<string, Operation> & { parameters?: Parameter[] }>
}
interface Operation {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema?: JsonSchema }> }
}
interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  schema?: JsonSchema
}
export interface RandomRequest {
  method: string
  /** As it goes over the wire. */
  path: string
  headers: Record<string, string>
  body: string | Buffer
}

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options']
const ranges = [
  'bytes=0-',
  'bytes=-1',
  'bytes=5-2',
  'bytes=0-0,2-2',
  'bytes=99999999999999999999-',
  'items=1',
  'bytes=a',
]
const bodies = ['', '{', 'null', '"x"', '[[[[', '{"a":1e999}', '{"__proto__":{"x":1}}', '\ufeff{}', '['.repeat(50_000)]
const types = [
  'text/plain',
  'application/json; charset=utf-16',
  'multipart/form-data',
  'application/x-www-form-urlencoded',
]

/** Left out: what removes what others ask for, and the first key, which would shut out all who ask without one. */
const isAsked = (method: string, path: string) =>
  methods.includes(method) && method !== 'delete' && !(method === 'post' && path === '/api/keys')

/** A request that the document describes, more or less. Nothing is deleted that has one of the ids. */
export function randomRequest(doc: OpenApi, random: RandomInput): RandomRequest {
  const { chance, pick, text } = random
  const paths = Object.entries(doc.paths).map(([path, operations]) => ({
    ...{ path, operations },
    asked: Object.keys(operations).filter(method => isAsked(method, path)),
  }))
  const { path, operations, asked } = pick(paths.filter(({ asked }) => asked.length > 0))
  const method = pick(asked)
  const operation = operations[method] as Operation
  const parameters = [...(operations.parameters ?? []), ...(operation.parameters ?? [])]
  const given = (where: Parameter['in']) => parameters.filter(parameter => parameter.in === where)
  const written = ({ schema = {} }: Parameter) => escaped(random.fit(schema))

  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = given('path').find(each => each.name === name)
    return name === 'id' && chance(0.9) ? escaped(random.fit({ format: 'uuid' })) : written(parameter as Parameter)
  })
  const query = given('query')
    // Whoever wants to wait is let wait.
    .filter(({ name }) => name !== 'waitSeconds' && chance(0.6))
    .flatMap(parameter => {
      const one = `${parameter.name}=${written(parameter)}`
      return chance(0.1) ? [one, one, `${parameter.name}[]=x`] : [one]
    })
  if (chance(0.05)) query.push(`${escaped(text())}=${escaped(random.value())}`)
  const headers = Object.fromEntries(
    given('header')
      .filter(() => chance(0.8))
      .map(({ name }) => [name, headerText(name === 'Tus-Resumable' && chance(0.8) ? '1.0.0' : random.value())]),
  )
  if (chance(0.15)) headers.range = pick(ranges)
  if (chance(0.05)) headers['last-event-id'] = headerText(random.value())
  if (chance(0.05)) headers['idempotency-key'] = headerText(text())
  return {
    method: method.toUpperCase(),
    path: asWire(filled, query),
    headers,
    ...randomBody(operation, random, headers),
  }
}

function randomBody(operation: Operation, random: RandomInput, headers: Record<string, string>): { body: string } {
  const { chance, pick, text, fit } = random
  const content = Object.entries(operation.requestBody?.content ?? {})
  if (content.length === 0) return { body: '' }
  const [type, { schema }] = pick(content)
  headers['content-type'] = chance(0.92) ? type : pick(types)
  if (type === 'application/json') return { body: chance(0.1) ? pick(bodies) : JSON.stringify(fit(schema ?? {})) }
  if (type !== 'multipart/form-data') return { body: text() }
  headers['content-type'] = pick([
    'multipart/form-data; boundary=XX',
    'multipart/form-data',
    'multipart/form-data; boundary=',
  ])
  const part = (name: string, rest = '') =>
    `--XX\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n\r\n${text()}\r\n`
  const parts = [part('title'), part('file', `; filename="${text()}"`), part(text(), '; filename="x"')]
  return { body: parts.filter(() => chance(0.7)).join('') + (chance(0.7) ? '--XX--\r\n' : '') }
}

function escaped(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80'
}
const asWire = (path: string, query: readonly string[]) =>
  `${path}${query.length > 0 ? '?' : ''}${query.join('&')}`.replace(/[^\x21-\x7e]/g, '')
const headerText = (value: unknown) =>
  String(JSON.stringify(value))
    .replace(/[^\x20-\x7e]/g, '')
    .slice(0, 200)
