import assert from 'node:assert/strict'
import { test } from 'node:test'
import { libraryEventPayloads, roomEventPayloads } from '../../shared/index.ts'
import { code, filesOf, type ProjectFile } from './project-files.ts'

/**
 * What this server is about. `server/platform/` is plumbing: it would serve any other server as well. `message` is not of
 * them: faults have one, threads and sockets send some. The facts about messages are found by their names.
 */
const domainWords: ReadonlySet<string> = new Set(
  [
    ...['video', 'clip', 'story', 'camera', 'moment', 'room', 'film', 'original', 'thumbnail'],
    ...['caption', 'transcript', 'chat', 'question', 'typing', 'playhead'],
  ].flatMap(word => [word, pluralOf(word)]),
)
const facts = [roomEventPayloads, libraryEventPayloads].flatMap(payloads => Object.keys(payloads))

/** It would take a migration: the index of the log that chat reads its messages by. */
const stays = /^server\/platform\/journal\/schema\.ts:\d+: message\.created$/

/** What is called so by others. */
const calledSoByOthers = [
  /\.rooms\b/, // Socket.IO's groups of connections
]

test('no word of a domain stands in server/platform/', () => {
  const found = domainWordsIn(filesOf(['server/platform'], code))
  assert.deepEqual(
    found.filter(each => !stays.test(each)),
    [],
  )
})

test('a word is found within a name, in a text and in a comment, and told with its place', () => {
  const text = [
    ...['const roomsLed = 1', "const key = 'rushes_room_people'", '// as long as the film takes', 'type ID = VideoId'],
    ...['// history, eclipse, filming', 'socket.rooms.has(stream)', 'const VIDEO_ID = rooms.size'],
    ...["sql`type = 'message.edited'`", 'fault.message.created', 'import.meta.chatter'],
  ].join('\n')
  assert.deepEqual(domainWordsIn([{ path: 'a.ts', text }]), [
    ...['a.ts:1: rooms', 'a.ts:2: room', 'a.ts:3: film', 'a.ts:4: video', 'a.ts:7: video', 'a.ts:7: rooms'],
    'a.ts:8: message.edited',
  ])
})

/** `path:line: word` of each one. */
function domainWordsIn(files: readonly ProjectFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => foundIn(line).map(word => `${path}:${index + 1}: ${word}`)),
  )
}

function foundIn(line: string): string[] {
  const ours = calledSoByOthers.reduce((rest, theirs) => rest.replace(theirs, ''), line)
  const words = wordsOf(ours).filter(word => domainWords.has(word))
  return [...words, ...facts.filter(fact => line.includes(`'${fact}'`))]
}

/** The words of a line; a name is as many as it is put together from. */
const wordsOf = (line: string): string[] =>
  (line.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []).map(word => word.toLowerCase())

function pluralOf(word: string): string {
  return word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`
}
