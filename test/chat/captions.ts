import { readFile } from 'node:fs/promises'
import type { Segment } from '../../shared/index.ts'

/** Enough of WebVTT for the films of these tests. */
export async function readCaptions(path: string): Promise<Segment[]> {
  const blocks = (await readFile(path, 'utf8')).replaceAll('\r', '').split(/\n\n+/)
  const cues = blocks.flatMap(block => {
    const lines = block.split('\n')
    const at = lines.findIndex(line => line.includes('-->'))
    const [, start, end] = /([\d:.]+) --> ([\d:.]+)/.exec(lines[at] ?? '') ?? []
    const spoken = lines.slice(at + 1).join(' ')
    const text = spoken.replace(/<[^>]+>/g, '').trim()
    if (start === undefined || end === undefined || text === '') return []
    const speaker = /<v ([^>]+)>/.exec(spoken)?.[1]
    return [
      { startSeconds: seconds(start), endSeconds: seconds(end), text, words: [], ...(speaker ? { speaker } : {}) },
    ]
  })
  return cues.map((cue, index) => ({ index, ...cue }))
}

/** Segments of five seconds each. */
export const spoken = (...texts: string[]): Segment[] =>
  texts.map((text, index) => ({ index, startSeconds: index * 5, endSeconds: index * 5 + 5, text, words: [] }))

const seconds = (time: string): number => time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
