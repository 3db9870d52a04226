import { createHash, randomUUID } from 'node:crypto'
import { isNamedByToken, isVisible, type MemberId, PersonKey } from '../../../shared/index.ts'
import { type Caller, originOf } from '../caller.ts'
import { checkInput } from '../check-input.ts'
import { cutText, storableText } from '../text.ts'

export interface Person {
  memberId: MemberId
  name: string
  /** Its client keeps a secret for it, so that the same person can come back. */
  isLasting: boolean
  /**
   * What makes a thing that is sent again the same one, after a reconnection too: the person, under whatever name; of
   * those without a secret, where they ask from and their name. Tells neither, and is shown to nobody all the same.
   */
  sender: string
}

const longestName = 60

/** What a connection shows of itself, but for its name: nobody is asked to mend that, so it is mended. */
export const checkShown = ({ name: _, ...others }: Record<string, unknown>, part: string): void =>
  checkInput(others, part)

/** Who asks, and the address that they ask from. */
export interface Origin {
  by: Caller
  address: string
}

/**
 * Who someone says to be; whoever has a token is called as it says. The id tells nothing about the secret, and without
 * that nobody can pass for them.
 */
export function personOf(said: { name?: unknown; person?: unknown }, { by, address }: Origin): Person {
  const key = PersonKey.safeParse(said.person)
  const given = isNamedByToken(by.kind) ? by.name : said.name
  const shown = typeof given === 'string' ? storableText(given).trim() : ''
  const name = isVisible(shown) ? cutText(shown, longestName) : 'guest'
  if (!key.success) {
    const memberId = randomUUID().replaceAll('-', '')
    return {
      memberId,
      name,
      isLasting: false,
      sender: digestOf(`sender ${JSON.stringify([originOf(by, address), name])}`),
    }
  }
  const memberId = memberIdOf(key.data)
  return { memberId, name, isLasting: true, sender: memberId }
}

export const memberIdOf = (personKey: string): MemberId => digestOf(`member ${personKey}`)

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)
