import type { z } from 'zod'
import { type MediaToken, type RouteName, type Routes, routes } from '../../../shared/index.ts'
import type { CallOptions, RushesOptions } from '../options.ts'
import { errorFromWire, networkError, RushesError } from '../rushes-error.ts'
import { type Credentials, createCredentials } from './credentials.ts'
import { fillPath } from './fill-path.ts'
import { createMediaLinks } from './media-links.ts'

type InputOf<R, K extends string> = R extends { [P in K]: infer S extends z.ZodType } ? z.input<S> : never
type Given<R, K extends string> = [InputOf<R, K>] extends [never] ? { [P in K]?: never } : { [P in K]: InputOf<R, K> }

/** What a route takes, by the contract. */
export type CallInput<N extends RouteName> = Given<Routes[N], 'params'> &
  Partial<Given<Routes[N], 'query'>> &
  Given<Routes[N], 'body'>
/** The JSON that a route answers with; undefined where it answers with none. */
export type CallAnswer<N extends RouteName> = Routes[N] extends { answer: infer S extends z.ZodType }
  ? z.output<S>
  : undefined

export type UrlInput<N extends RouteName> = Pick<CallInput<N>, 'params' | 'query'>

/** What goes along with a request beside the contract's input. */
export interface RequestOptions extends CallOptions {
  accept?: string
  /** The same again answers for what was made before. */
  idempotencyKey?: string | undefined
}

/** The HTTP side of one server. */
export interface HttpCaller {
  /** One JSON call of the contract. Throws `RushesError`, or the signal's reason. */
  call<N extends RouteName>(name: N, input: CallInput<N>, options?: RequestOptions): Promise<CallAnswer<N>>
  /** The same, for what is not JSON. A failure has been thrown; the body is unread. */
  request<N extends RouteName>(name: N, input: CallInput<N>, options?: RequestOptions): Promise<Response>
  /** The whole address of a route. */
  urlOf<N extends RouteName>(name: N, input: UrlInput<N>): string
  /** The same with a signed token in it (the client's own when none is given), for `<video src>` and the like. */
  linkOf<N extends RouteName>(name: N, input: UrlInput<N>, signed?: MediaToken['token']): string
  /** Resolves once `linkOf` has its token, if one is wanted; every call waits for it. Never throws. */
  linksReady(): Promise<void>
  /** The whole address of a path on the server. */
  addressOf(path: string): string
  credentials: Credentials
  /** Someone brought it: everything has to go through it. */
  fetchIsOwn: boolean
  fetch: typeof globalThis.fetch
  /** Uploads go by XMLHttpRequest there, unless someone brought a `fetch`. */
  isBrowser: boolean
}

export function createHttpCaller(options: RushesOptions): HttpCaller {
  const base = String(options.url)
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
  const credentials = createCredentials(options.token)
  // Called as a plain function: browsers refuse a `fetch` whose `this` is not the window.
  const send: typeof globalThis.fetch = (input, init) => (options.fetch ?? globalThis.fetch)(input, init)
  const pathOf = (name: RouteName, input: LooseInput) => `${base}${fillPath(routes[name].path, input)}`

  const askAs = async (headers: Record<string, string>, { name, input, options: requestOptions = {} }: Asking) => {
    const { signal, accept = 'application/json', idempotencyKey } = requestOptions
    const { body } = input
    const response = await send(pathOf(name, input), {
      method: routes[name].method,
      headers: {
        ...{ ...headers, accept },
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    }).catch(fault => {
      throw signal?.aborted ? signal.reason : networkError(fault)
    })
    if (!response.ok) throw errorFromBody(await textOf(response, signal), response.status)
    return response
  }
  const ask: HttpCaller['request'] = (name, input, asking) =>
    credentials.showing(
      headers => askAs(headers, { name, input: input as LooseInput, options: asking }),
      asking?.signal,
    )

  const links = createMediaLinks(async signal => {
    const response = await ask('media.token', {}, { signal })
    return jsonFrom(await response.text(), response.status) as CallAnswer<'media.token'>
  })
  const linksReady = () => (credentials.areGiven ? links.ready() : Promise.resolve())
  const request: HttpCaller['request'] = async (name, input, requestOptions) => {
    const [response] = await Promise.all([ask(name, input, requestOptions), linksReady()])
    return response
  }

  return {
    request,
    linksReady,
    async call(name, input, callOptions = {}) {
      const response = await request(name, input, callOptions)
      const text = await textOf(response, callOptions.signal)
      return (text === '' ? undefined : jsonFrom(text, response.status)) as CallAnswer<typeof name>
    },
    addressOf: path => `${base}${path}`,
    urlOf: (name, input) => pathOf(name, input as LooseInput),
    linkOf(name, input, signed = links.token() ?? null) {
      const { params = {}, query } = input as LooseInput
      return pathOf(name, { params, query: { ...query, token: signed } })
    },
    credentials,
    fetch: send,
    fetchIsOwn: options.fetch !== undefined,
    isBrowser: options.fetch === undefined && typeof XMLHttpRequest !== 'undefined',
  }
}

/** `CallInput` without its types: the compiler checked them at the call. */
type LooseInput = { params?: object; query?: object; body?: unknown }
interface Asking {
  name: RouteName
  input: LooseInput
  options: RequestOptions | undefined
}

/** What a failed answer says, whoever wrote it: a proxy between here and the server answers with its own pages. */
export function errorFromBody(text: string, status: number): RushesError {
  const said = errorFromWire(parsed(text), status)
  return (
    said ??
    new RushesError('server.internal', `The server answered ${status}.`, { status, details: text.slice(0, 500) })
  )
}

/** The parsed JSON of an answer that promised some. Throws `RushesError`. */
export function jsonFrom(text: string, status: number): unknown {
  const value = parsed(text)
  if (value === undefined) {
    const message = 'The answer is not JSON: something other than Rushes may be listening there.'
    throw new RushesError('server.internal', message, { status, details: text.slice(0, 500) })
  }
  return value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: both callers say so in their own words.
    return undefined
  }
}

const textOf = (response: Response, signal: AbortSignal | undefined): Promise<string> =>
  response.text().catch(fault => {
    throw signal?.aborted ? signal.reason : networkError(fault, 'The connection broke before the answer was complete.')
  })
