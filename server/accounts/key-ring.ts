import { allScopes, configuredKeyName } from '../../shared/index.ts'
import type { Caller } from '../platform/caller.ts'
import type { Queryable } from '../platform/db/index.ts'
import { AppError, messageOf } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import { createPermit, type RevocablePermit } from '../platform/permit.ts'
import { createKeyUse } from './key-use.ts'
import { readHashes } from './queries.ts'
import { hashOf } from './secret.ts'

export interface KeyRingOptions {
  db: Queryable
  configuredKey: string | undefined
  /** What stands for a key, by its hash, in what it signs. */
  signerOf: (hash: string) => string
  log: Log
  /** Called after keys came or went: whether there is any now. */
  onChange: (any: boolean) => void
}

/** Everyone who has a key, in memory. */
export interface KeyRing {
  /** True when a key is wanted, as far as keys go. */
  readonly any: boolean
  find(secret: string): Caller | undefined
  bySigner(signer: string): Caller | undefined
  /** Learns at once what else is learnt soon. */
  read(): Promise<void>
  /** Does it and learns of it. Whatever is open under that key ends after that: the one who asks may have come with it. */
  change<T>(id: string, work: () => Promise<T>): Promise<T>
  stop(): Promise<void>
}

type Held = Caller & { permit: RevocablePermit }

/** Each server hears within so long of what another one changed. */
const rereadMs = 2_000
/** A database that gives no answer is not asked ever more. */
const mostAsked = 3

/**
 * The valid keys by their hashes, read again all the time, so that a wrong key costs a hash and no query, and a revoked
 * one is known to be. Looked up in a map: its timing could tell of hashes alone, whose beginnings nobody can choose.
 */
export async function createKeyRing({ db, log, ...options }: KeyRingOptions): Promise<KeyRing> {
  const { configuredKey, signerOf, onChange } = options
  const configured =
    configuredKey === undefined ? [] : [{ id: configuredKeyName, name: configuredKeyName, hash: hashOf(configuredKey) }]
  const use = createKeyUse(db)
  /** Keys that are being changed here, each with what ends after that: a read between may see the change already. */
  const changing = new Map<string, RevocablePermit[]>()
  let held = new Map<string, Held>()
  let signers = new Map<string, Held>()
  let began = 0
  let newest = 0
  let asked = 0

  const hold = (hash: string, { id, name }: { id: string; name: string }): Held =>
    held.get(hash) ?? {
      ...{ kind: 'key', id, name, scopes: allScopes },
      signer: signerOf(hash),
      permit: createPermit(),
    }

  const read = async () => {
    const mine = ++began
    const rows = await readHashes(db)
    // One that began later saw more.
    if (mine < newest) return
    newest = mine
    const previous = rows.flatMap(row => (row.previousHash === null ? [] : { ...row, hash: row.previousHash }))
    const next = new Map([...configured, ...rows, ...previous].map(key => [key.hash, hold(key.hash, key)]))
    const gone = [...held].filter(([hash]) => !next.has(hash))
    const isChanged = gone.length > 0 || next.size !== held.size
    held = next
    signers = new Map([...next.values()].map(caller => [caller.signer ?? '', caller]))
    for (const [, { id, permit }] of gone) {
      const later = changing.get(id)
      if (later) later.push(permit)
      else permit.end(revoked())
    }
    if (isChanged) onChange(held.size > 0)
  }

  await read()
  let isAway = false
  const reread = async () => {
    if (asked >= mostAsked) return
    asked++
    try {
      await read()
      await use.note()
      isAway = false
    } catch (fault) {
      // What was last known holds until the database is back.
      if (!isAway) log.warn({ reason: messageOf(fault) }, 'the API keys can not be read: the last known ones hold')
      isAway = true
    } finally {
      asked--
    }
  }
  const timer = setInterval(reread, rereadMs)
  timer.unref()

  return {
    get any() {
      return held.size > 0
    },
    find(secret) {
      const caller = held.get(hashOf(secret))
      if (caller) use.saw(caller)
      return caller
    },
    bySigner: signer => signers.get(signer),
    read,
    async change(id, work) {
      const ended: RevocablePermit[] = []
      changing.set(id, ended)
      try {
        const done = await work()
        await read()
        return done
      } finally {
        if (changing.get(id) === ended) changing.delete(id)
        for (const permit of ended) permit.end(revoked())
      }
    },
    async stop() {
      clearInterval(timer)
    },
  }
}

const revoked = () => new AppError('auth.invalid', 'This API key was revoked or replaced.')
