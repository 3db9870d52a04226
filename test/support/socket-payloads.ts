import type { SocketRequestInput, SocketRequestName } from '../../shared/index.ts'

const id = '0190aaaa-0000-7000-8000-000000000000'
const place = { atSeconds: 1, playing: true, rate: 1 }

/** What fits each request of the contract, in a room. One that is added does not compile until it stands here. */
export const fittingPayloads = (
  videoId: string,
): { [N in SocketRequestName]: Record<string, unknown> & Partial<SocketRequestInput<N>> } => ({
  'room.join': { videoId },
  'room.leave': { videoId },
  'room.replay': { videoId, since: 0 },
  'room.read': { videoId, seq: 0 },
  'message.send': { videoId, clientId: 'c', body: 'hello' },
  'message.edit': { videoId, messageId: id, body: 'hello' },
  'message.delete': { videoId, messageId: id },
  'message.react': { videoId, messageId: id, emoji: '👍', on: true },
  'question.ask': { videoId, clientId: 'q', question: 'who?' },
  'answer.cancel': { answerId: id },
  'answer.retry': { videoId, questionId: id },
  'typing.set': { videoId, typing: true },
  'playhead.set': { videoId, ...place },
  'playback.lead': { videoId, ...place },
  'playback.hand': { videoId, to: 'somebody' },
  'playback.release': { videoId },
  'playback.follow': { videoId, following: true },
  'library.join': {},
  'library.leave': {},
  'library.replay': { since: 0 },
  'clock.read': {},
})
