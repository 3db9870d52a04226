import { once } from 'node:events'
import { request as askHttp, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { request as askHttps } from 'node:https'
import { AppError, fail } from '../errors.ts'
import { type AddressGuard, createAddressGuard } from './address-guard.ts'

export interface SiteLimits {
  /** Addresses and ranges that may be asked although they are not public. */
  privateAddresses: readonly string[]
  /** For a name to be found, a connection to be made and an answer to begin. */
  connectSeconds: number
  /** How long nothing may come in the middle of an answer. */
  idleSeconds: number
  /** How often it may lead elsewhere. */
  mostRedirects: number
}
export interface AskOptions {
  headers?: OutgoingHttpHeaders
  signal: AbortSignal
}
/** An answer of whatever status. Its body has to be read, or destroyed. */
export interface Answer {
  /** Where it was found in the end. */
  url: URL
  body: IncomingMessage
}

export interface Sites {
  /** Throws `fetch.address_refused` for what can be known to be refused before it is asked. */
  check(address: URL): void
  /**
   * GETs an address, and follows where it leads, each hop checked as the first. Throws `fetch.address_refused`,
   * `fetch.failed`, `fetch.refused`, and the signal's reason. The headers go to each host: they hold nothing secret.
   */
  ask(address: URL, options: AskOptions): Promise<Answer>
}

/** RFC 9110, section 15.4: those that say where else it is. */
const redirects: ReadonlySet<unknown> = new Set([301, 302, 303, 307, 308])

export function createSites(limits: SiteLimits): Sites {
  const guard = createAddressGuard(limits.privateAddresses)
  const check: Sites['check'] = url => {
    if (!/^https?:$/.test(url.protocol)) throw fail('fetch.address_refused')
    // They would have to be kept, and be kept from everyone.
    if (url.username !== '' || url.password !== '')
      throw new AppError('fetch.address_refused', 'Leave the name and the password out of the address.')
    guard.check(url)
  }
  return {
    check,
    async ask(address, options) {
      let url = address
      for (let hops = 0; ; hops++) {
        check(url)
        const body = await ask(url, options, { limits, guard })
        const { location } = body.headers
        if (!redirects.has(body.statusCode) || location === undefined) return { url, body }
        body.destroy()
        if (hops >= limits.mostRedirects)
          throw new AppError('fetch.refused', `This address leads elsewhere more than ${limits.mostRedirects} times.`)
        if (!URL.canParse(location, url)) throw new AppError('fetch.refused', 'This address leads to none.')
        url = new URL(location, url)
      }
    },
  }
}

interface Asking {
  limits: SiteLimits
  guard: AddressGuard
}

async function ask(url: URL, { headers, signal }: AskOptions, { limits, guard }: Asking): Promise<IncomingMessage> {
  signal.throwIfAborted()
  const send = url.protocol === 'https:' ? askHttps : askHttp
  // A connection of its own, to an address that was looked at: none that is kept from before.
  const request = send(url, { headers, signal, lookup: guard.lookup, agent: false })
  const begin = setTimeout(() => request.destroy(tooSilent(url, limits.connectSeconds)), limits.connectSeconds * 1000)
  // "Switching Protocols" and the like, which nobody asked for, would end it without a word: no answer, and no error.
  request.once('close', () =>
    request.emit('error', new AppError('fetch.failed', `${url.host} sent no answer. Try again later.`)),
  )
  try {
    request.end()
    const [body] = (await once(request, 'response')) as [IncomingMessage]
    endWhenSilent(request, body, tooSilent(url, limits.idleSeconds), limits.idleSeconds * 1000)
    return body
  } catch (fault) {
    throw signal.aborted ? signal.reason : faultOf(url, fault)
  } finally {
    clearTimeout(begin)
    // Whoever reads the body hears what becomes of it.
    request.on('error', () => {})
  }
}

function endWhenSilent(request: ClientRequest, body: IncomingMessage, fault: AppError, idleMs: number): void {
  request.setTimeout(idleMs, () => {
    // Of a reader that is slow, they are not to blame.
    if (!body.isPaused()) body.destroy(fault)
  })
}

/** What a host is called to people: an address may hold secrets after it. */
const tooSilent = ({ host }: URL, seconds: number) =>
  new AppError('fetch.failed', `${host} sent nothing for ${seconds} s. Try again later.`)

function faultOf({ host }: URL, fault: unknown): unknown {
  if (fault instanceof AppError) return fault
  const { code = 'no reason was given' } = fault as { code?: string }
  if (code === 'ENOTFOUND')
    return new AppError('fetch.refused', `There is no ${host}: look whether the address is right.`, { cause: fault })
  return new AppError('fetch.failed', `${host} can’t be reached (${code}). Try again later.`, { cause: fault })
}
