import assert from 'node:assert/strict'
import { test } from 'node:test'
import { code, filesOf, type ProjectFile } from './project-files.ts'

/** What this server is about. `server/platform/` is plumbing: it would serve any other server as well. */
const domainWords: ReadonlySet<string> = new Set(
  ['video', 'clip', 'story', 'camera', 'moment', 'room', 'film'].flatMap(word => [word, pluralOf(word)]),
)

/** What is called so by others. */
const calledSoByOthers = [
  /\.rooms\b/, // Socket.IO's groups of connections
]

test('no word of a domain stands in server/platform/', () => {
  assert.deepEqual(domainWordsIn(filesOf(['server/platform'], code)), [])
})

test('a word is found within a name, in a text and in a comment, and told with its place', () => {
  const text = [
    ...['const roomsLed = 1', "const key = 'rushes_room_people'", '// as long as the film takes', 'type ID = VideoId'],
    ...['// history, eclipse, filming', 'socket.rooms.has(stream)', 'const VIDEO_ID = rooms.size'],
  ].join('\n')
  assert.deepEqual(domainWordsIn([{ path: 'a.ts', text }]), [
    ...['a.ts:1: rooms', 'a.ts:2: room', 'a.ts:3: film', 'a.ts:4: video', 'a.ts:7: video', 'a.ts:7: rooms'],
  ])
})

/** `path:line: word` of each one. */
function domainWordsIn(files: readonly ProjectFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) =>
      wordsOf(calledSoByOthers.reduce((rest, theirs) => rest.replace(theirs, ''), line))
        .filter(word => domainWords.has(word))
        .map(word => `${path}:${index + 1}: ${word}`),
    ),
  )
}

/** The words of a line; a name is as many as it is put together from. */
const wordsOf = (line: string): string[] =>
  (line.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []).map(word => word.toLowerCase())

function pluralOf(word: string): string {
  return word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`
}
