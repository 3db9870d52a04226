import { createHash, randomUUID } from 'node:crypto'
import { type MemberId, PersonKey } from '../../../shared/index.ts'
import { cutText } from '../text.ts'

export interface Person {
  memberId: MemberId
  name: string
  /** Its client keeps a secret for it, so that the same person can come back. */
  isLasting: boolean
}

const longestName = 60

/** Who someone says to be. The id tells nothing about the secret, and without that nobody can pass for them. */
export function personOf({ name, person }: { name?: unknown; person?: unknown }): Person {
  const key = PersonKey.safeParse(person)
  return {
    memberId: key.success ? memberIdOf(key.data) : randomUUID().replaceAll('-', ''),
    name: typeof name === 'string' && name.trim() ? cutText(name.trim(), longestName) : 'guest',
    isLasting: key.success,
  }
}

export const memberIdOf = (personKey: string): MemberId =>
  createHash('sha256').update(`member ${personKey}`).digest('hex').slice(0, 32)
