import type { Message, MessageId } from '../../shared/index.ts'
import { newClientId } from './client-id.ts'
import type { HttpCaller } from './http/call.ts'
import type { CallOptions } from './options.ts'
import type { MessageDraft } from './rooms/room.ts'
import { whenAllowed } from './when-allowed.ts'

/** What is said, and by whom. The same `clientId` of the same author again is the same message. */
export interface SaidMessage extends MessageDraft {
  /** As the room sees it; `guest` when not given. */
  author?: string | undefined
  /** The secret of `createRushes`'s `person`: whoever has it may change the message in the room. */
  person?: string | undefined
}

/** Throws `video.not_found`, `message.not_found` for what it replies to, `request.invalid`, `network`. */
export async function sayOverHttp(
  http: HttpCaller,
  { id, message, options }: { id: string; message: SaidMessage; options: CallOptions | undefined },
): Promise<Message> {
  const { clientId = newClientId(), replyTo, ...rest } = message
  // What is undefined is not in JSON.
  const body = { ...rest, clientId, replyTo: replyTo as MessageId | undefined }
  return (await whenAllowed(() => http.call('videos.say', { params: { id }, body }, options), options)).message
}
