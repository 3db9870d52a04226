import { createHash, randomUUID } from 'node:crypto'
import { isVisible, type MemberId, PersonKey } from '../../../shared/index.ts'
import { checkInput } from '../check-input.ts'
import { cutText, storableText } from '../text.ts'

export interface Person {
  memberId: MemberId
  name: string
  /** Its client keeps a secret for it, so that the same person can come back. */
  isLasting: boolean
}

const longestName = 60

/** What a connection shows of itself, but for its name: nobody is asked to mend that, so it is mended. */
export const checkShown = ({ name: _, ...others }: Record<string, unknown>, part: string): void =>
  checkInput(others, part)

/** Who someone says to be. The id tells nothing about the secret, and without that nobody can pass for them. */
export function personOf({ name, person }: { name?: unknown; person?: unknown }): Person {
  const key = PersonKey.safeParse(person)
  const shown = typeof name === 'string' ? storableText(name).trim() : ''
  return {
    memberId: key.success ? memberIdOf(key.data) : randomUUID().replaceAll('-', ''),
    name: isVisible(shown) ? cutText(shown, longestName) : 'guest',
    isLasting: key.success,
  }
}

export const memberIdOf = (personKey: string): MemberId =>
  createHash('sha256').update(`member ${personKey}`).digest('hex').slice(0, 32)
