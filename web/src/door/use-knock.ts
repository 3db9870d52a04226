import { useState } from 'react'
import { createRushes, RushesError } from '../../../client-sdk/src/index.ts'
import type { Refusal } from './door.ts'

export interface Knock {
  /** Why one is not let in, in words; null when nothing was refused. */
  fault: string | null
  checking: boolean
  /** Tries a key. True when it fits. */
  knock: (key: string) => Promise<boolean>
}

/** Asks the server whether it takes a key. */
export function useKnock(url: string, refusal: Refusal): Knock {
  const [fault, setFault] = useState(() =>
    refusal === 'auth.invalid' ? 'The key kept here is no longer valid.' : null,
  )
  const [checking, setChecking] = useState(false)
  const knock = async (key: string) => {
    setChecking(true)
    const refused = await faultOf(url, key)
    setChecking(false)
    setFault(refused)
    return refused === null
  }
  return { fault, checking, knock }
}

/** What a header can carry (RFC 9110, section 5.5); with anything else `fetch` throws as if there were no network. */
const sendable = /^[\x20-\x7e\xa0-\xff]+$/
const notThisKey = 'This key isn’t valid here. Is all of it there?'

async function faultOf(url: string, key: string): Promise<string | null> {
  if (!sendable.test(key)) return notThisKey
  try {
    await createRushes({ url, token: key }).videos.list({ limit: 1 })
    return null
  } catch (fault) {
    if (!(fault instanceof RushesError)) throw fault
    if (fault.code === 'auth.invalid' || fault.code === 'auth.required') return notThisKey
    if (fault.code === 'network') return 'The server did not answer. Check the connection and try again.'
    return fault.message
  }
}
