import type { OutgoingHttpHeaders } from 'node:http'
import type { VideoId } from '../../../shared/index.ts'
import type { Permit } from '../permit.ts'
import type { ServedBlob } from './serve-blob.ts'

/** What was found out for a caller holds this long; changes of the film itself are told at once. */
const freshMs = 1_000
/** More would hold too many files open: the oldest goes. */
const maxFilms = 256

/** A film that a caller may have, found and opened a moment ago. */
export interface WarmFilm {
  id: VideoId
  served: ServedBlob
  /** The same for every range of it. */
  headers: OutgoingHttpHeaders
  /** Of the caller. */
  permit: Permit
  users: number
  until: number
  /** Nobody new gets it. */
  cold: boolean
}

/** Keeps films at hand between the ranges that a player asks for, a second at most, so that a range costs no questions. */
export function createWarmFilms() {
  const films = new Map<string, WarmFilm>()
  let sweep: NodeJS.Timeout | undefined

  function cool(key: string, film: WarmFilm): void {
    if (films.get(key) === film) films.delete(key)
    film.cold = true
    // Nobody waits for it, and who opens the file next meets the disk's fault.
    if (film.users === 0) film.served.blob.close().catch(() => {})
  }
  function sweepOld(): void {
    const now = performance.now()
    for (const [key, film] of films) if (film.until <= now) cool(key, film)
    sweep = films.size > 0 ? setTimeout(sweepOld, freshMs).unref() : undefined
  }
  return {
    /** A fresh one, with one more user; whoever gets it lets it go. */
    take(key: string): WarmFilm | null {
      const film = films.get(key)
      if (!film) return null
      if (film.until <= performance.now() || film.permit.fault) {
        cool(key, film)
        return null
      }
      film.users += 1
      return film
    },
    /** Keeps what was opened; its first user is the caller. The blob is closed when it is cold and nobody uses it. */
    keep(key: string, found: Pick<WarmFilm, 'id' | 'served' | 'headers' | 'permit'>): WarmFilm {
      const before = films.get(key)
      if (before) cool(key, before)
      const film = { ...found, users: 1, until: performance.now() + freshMs, cold: false }
      films.set(key, film)
      const [oldest] = films
      if (films.size > maxFilms && oldest) cool(...oldest)
      sweep ??= setTimeout(sweepOld, freshMs).unref()
      return film
    },
    /** A caller who hung up frees the file at once, if it was the only one. */
    letGo(key: string, film: WarmFilm, hungUp: boolean): void {
      film.users -= 1
      if (film.users > 0) return
      if (film.cold || hungUp) cool(key, film)
    },
    /** What is known of this video's film is no longer so. */
    forget(id: VideoId): void {
      for (const [key, film] of films) if (film.id === id) cool(key, film)
    },
    stop(): void {
      clearTimeout(sweep)
      for (const [key, film] of films) cool(key, film)
    },
  }
}
