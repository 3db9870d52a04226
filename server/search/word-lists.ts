import { readFile } from 'node:fs/promises'
import { setImmediate as breathe } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { plainWords } from './plain-text.ts'

/** Whether a language knows a word: then it is no slip, though nobody says it. */
export interface WordLists {
  /** `languages` are PostgreSQL's names; English is always asked, for its words are used in all. */
  knows(word: string, languages: readonly string[]): Promise<boolean>
}

const files: Readonly<Record<string, string>> = {
  english: 'an-array-of-english-words/index.json',
  german: 'an-array-of-german-words/words.json',
  french: 'an-array-of-french-words/index.json',
  spanish: 'an-array-of-spanish-words/index.json',
}

/** Each list is read when it is first needed, and kept as four bytes a word. */
export function createWordLists(): WordLists {
  const lists = new Map<string, Promise<Uint32Array>>()
  const listOf = (language: string): Promise<Uint32Array> | undefined => {
    const file = files[language]
    if (file === undefined) return undefined
    const known = lists.get(language) ?? readList(fileURLToPath(import.meta.resolve(file)))
    lists.set(language, known)
    // Whoever asks next tries again.
    known.catch(() => lists.delete(language))
    return known
  }
  return {
    async knows(word, languages) {
      const wanted = hashOf(word)
      for (const language of new Set(['english', ...languages])) {
        const list = await listOf(language)
        if (list && includes(list, wanted)) return true
      }
      return false
    },
  }
}

/** Others have their turn in between: a list is megabytes. */
const readAtOnce = 10_000

async function readList(path: string): Promise<Uint32Array> {
  const text = await readFile(path, 'utf8')
  const hashes: number[] = []
  for (const [, word = ''] of text.matchAll(/"([^"]+)"/g)) {
    hashes.push(hashOf(/^[a-z]+$/.test(word) ? word : plainWords(word).join(' ')))
    if (hashes.length % readAtOnce === 0) await breathe()
  }
  return Uint32Array.from(hashes).sort()
}

/** FNV-1a. Of a million words, one unknown word in some four thousand is taken for a known one, and stays as it was typed. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

function includes(sorted: Uint32Array, wanted: number): boolean {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return sorted[low] === wanted
}
