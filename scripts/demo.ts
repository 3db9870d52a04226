import { access } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { Writable } from 'node:stream'
import { parseArgs } from 'node:util'
import { type Citation, createRushes, type Room, type Rushes, timeCode, type Video } from '../client-sdk/src/index.ts'
import { buildPage } from './build-page.ts'
import { createBars } from './demo/bars.ts'
import { followVideo } from './demo/follow-video.ts'
import { createReport, type Report } from './demo/report.ts'
import { type DemoServer, openServer } from './demo/server.ts'

// A film goes in, is understood, and answers a question; all through the published client.

const usage = `usage: npm run demo -- [FILM] [--question "…"] [--once] [--json]

  FILM        any film; the sample when not given
  --question  what to ask it
  --once      end when all is done, with 0 only if every step worked
  --json      a line of JSON for each step

It starts a server of its own, or uses the one at RUSHES_URL (with RUSHES_API_KEY).`

const sample = join(import.meta.dirname, '../samples/rushes.mp4')
const sampleQuestion = 'How many days did the work take?'
const processWithinMs = 30 * 60_000
const answerWithinMs = 3 * 60_000

interface CommandLine {
  film: string
  question: string
  once: boolean
  json: boolean
}

function readCommandLine(): CommandLine {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      question: { type: 'string' },
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    process.exit(0)
  }
  const film = positionals[0] ?? sample
  const question = values.question ?? (film === sample ? sampleQuestion : 'What is this film about?')
  return { film, question, once: values.once, json: values.json }
}

async function uploadFilm(rushes: Rushes, film: string, display: NodeJS.WriteStream): Promise<Video> {
  const bars = createBars(['upload'], display)
  bars.set('upload', { state: 'running' })
  const video = await rushes.videos.upload(film, {
    onProgress: ({ percent, bytesPerSecond }) =>
      bars.set('upload', { percent: percent ?? 0, note: bytesPerSecond ? `${megabytes(bytesPerSecond)}/s` : '' }),
  })
  bars.set('upload', { state: 'done', note: megabytes(video.sizeBytes) })
  bars.end()
  return video
}

async function askFilm(room: Room, question: string, report: Report): Promise<Citation[]> {
  report.text(`\n  “${question}”\n\n  `)
  for await (const part of room.ask(question, { signal: AbortSignal.timeout(answerWithinMs) })) {
    if (part.type === 'text') report.text(part.text.replaceAll(/\n(?=[^\n])/g, '\n  '))
    if (part.type === 'citations') {
      report.text('\n\n')
      for (const { startSeconds, text } of part.citations)
        report.text(`  ${timeCode(startSeconds).padStart(7)}  ${text}\n`)
      report.text('\n')
      return part.citations
    }
  }
  return []
}

async function showPage(url: string): Promise<string> {
  const response = await fetch(url, { headers: { accept: 'text/html' } })
  if (!response.ok) throw new Error(`The page answered ${response.status}: ${url}`)
  return url
}

async function demo(server: DemoServer, asked: CommandLine, report: Report): Promise<void> {
  const display = asked.json ? nowhere : process.stdout
  const rushes = createRushes({ url: server.url, token: process.env.RUSHES_API_KEY, name: 'Demo' })
  const video = await report.run(
    'upload',
    () => uploadFilm(rushes, asked.film, display),
    it => ({
      line: `${basename(asked.film)} is in (${it.duration}), and ${it.playable ? 'plays' : 'will play soon'}`,
      about: { videoId: it.id },
    }),
  )
  const room = await rushes.rooms.join(video.id)
  try {
    const ready = await report.run(
      'process',
      () => followVideo(room, display, AbortSignal.timeout(processWithinMs)),
      it => ({
        line: `ready: ${it.transcriptState === 'ready' ? 'what is said is known' : `no transcript, ${it.transcriptReason}`}`,
      }),
    )
    if (ready.transcriptState !== 'ready')
      throw new Error(`There is no transcript to answer from: ${ready.transcriptReason}`)
    await report.run(
      'ask',
      () => askFilm(room, asked.question, report),
      citations => ({
        line: `answered, from ${citations.length} ${citations.length === 1 ? 'place' : 'places'} in the film`,
        about: { question: asked.question, citations },
      }),
    )
    const page = new URL(video.links.page, server.url).href
    await report.run(
      'page',
      () => showPage(page),
      url => ({ line: url, about: { url } }),
    )
  } finally {
    room.leave()
  }
}

/** Takes what bars draw when programs read. */
const nowhere = Object.assign(new Writable({ write: (_, __, done) => done() }), {
  isTTY: false,
}) as unknown as NodeJS.WriteStream
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

async function main(asked: CommandLine): Promise<number> {
  const report = createReport({ json: asked.json, out: process.stdout })
  await access(asked.film).catch(() => {
    throw new Error(`There is no film at ${relative(process.cwd(), asked.film)}.`)
  })
  if (!process.env.RUSHES_URL) {
    await report.run('build', buildPage, built => ({ line: built ? 'the page is built' : 'the page is there' }))
  }
  const server = await report.run('start', openServer, it => ({
    line: `listening at ${it.url}`,
    about: { url: it.url },
  }))
  const interrupted = new Promise<number>(resolve => {
    process.once('SIGINT', () => resolve(130))
    process.once('SIGTERM', () => resolve(143))
  })
  const broken = server.ended.then(sentence => Promise.reject(new Error(sentence)))
  // Lost races are not unhandled faults.
  broken.catch(() => {})
  try {
    const outcome = await Promise.race([demo(server, asked, report).then(() => 0), interrupted, broken])
    if (outcome !== 0 || asked.once || process.env.RUSHES_URL) return outcome
    report.text('\nServing until Ctrl-C.\n')
    await Promise.race([interrupted, broken])
    return 0
  } finally {
    await server.stop()
  }
}

try {
  process.exit(await main(readCommandLine()))
} catch (fault) {
  console.error(`✗ ${fault instanceof Error ? fault.message : String(fault)}`)
  process.exit(1)
}
