/**
 * Uploads beside `cat > file; sync` of the same bytes on the same disk: `node bench/upload.ts [GiB] [rounds]`. The sender is
 * curl, in its own process. Ratios of the rates; what the server's resident memory grew by is beside them.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createRushes } from '../client-sdk/src/index.ts'
import { cpuSeconds } from './support/cpu-time.ts'
import { writePaddedFilm } from './support/films.ts'
import { median, ratioOf, runRounds } from './support/rounds.ts'
import { startServer } from './support/server-process.ts'
import { formatTable } from './support/table.ts'

const run = promisify(execFile)
const mebibyte = 1024 * 1024
const [gibibytes = 2, rounds = 3] = process.argv.slice(2).map(Number)
const filmBytes = gibibytes * 1024 * mebibyte
const folder = await mkdtemp(join(tmpdir(), 'bench-upload-'))

interface Measured {
  seconds: number
  /** Of the server's processor time; 0 for `cat`. */
  cpuSeconds: number
  /** By which the server's resident memory was larger at its height. */
  grewBytes: number
}

try {
  const film = await writePaddedFilm(join(folder, 'film.mp4'), filmBytes)
  const env = { PORT: '0', DATA_DIR: join(folder, 'data'), TRANSCRIBER: 'none', HLS_LADDER: 'off', LOG_LEVEL: 'info' }
  await using server = await startServer({ script: fileURLToPath(new URL('../server/main.ts', import.meta.url)), env })
  const client = createRushes({ url: server.url })
  const ways = {
    'cat > file; sync': async () => {
      const began = performance.now()
      await run('sh', ['-c', 'cat "$1" > "$2" && sync "$2"', 'sh', film, join(folder, 'copy')])
      const measured = { seconds: (performance.now() - began) / 1000, cpuSeconds: 0, grewBytes: 0 }
      await rm(join(folder, 'copy'))
      return measured
    },
    multipart: () => measure(() => sendForm(server.url, film)),
    'one PUT': () => measure(() => sendDirect(film)),
    'resumable, one part': () => measure(() => sendResumable(server.url, film)),
    'resumable, by the client': () => measure(() => sendInParts(film)),
  }
  // Code that ran a few times only is slow code: nobody starts a server for one film.
  const small = await writePaddedFilm(join(folder, 'small.mp4'), 64 * mebibyte)
  for (const send of [sendDirect, sendInParts, (path: string) => sendForm(server.url, path)])
    await remove(await send(small))
  const { of, load } = await runRounds(
    rounds,
    ways,
    round => round['cat > file; sync'].seconds / round['one PUT'].seconds,
  )
  const plain = of['cat > file; sync'].map(({ seconds }) => seconds)
  const rows = Object.entries(of).map(([name, measured]) => [...rowOf(name, measured, plain), load])
  const head = ['way', 'seconds', 'MiB/s', 'server CPU s/GiB', 'memory grew MiB', 'rate to cat', 'load']
  console.log(formatTable(head, rows))

  async function measure(send: () => Promise<string>): Promise<Measured> {
    const before = { cpu: await cpuSeconds(server.pid), bytes: await residentBytes(server.pid) }
    let highest = before.bytes
    const watch = setInterval(async () => {
      highest = Math.max(highest, await residentBytes(server.pid))
    }, 100)
    const began = performance.now()
    const id = await send()
    const seconds = (performance.now() - began) / 1000
    clearInterval(watch)
    const cpu = (await cpuSeconds(server.pid)) - before.cpu
    await remove(id)
    return { seconds, cpuSeconds: cpu, grewBytes: highest - before.bytes }
  }
  async function sendDirect(path: string): Promise<string> {
    const { upload, video } = await client.videos.createDirectUpload({ filename: 'film.mp4' })
    await curl(['-T', path, upload.url])
    return video.id
  }
  async function sendInParts(path: string): Promise<string> {
    return (await client.videos.upload(path, { resumable: true })).id
  }
  async function remove(id: string): Promise<void> {
    await client.videos.untilReady(id)
    await client.videos.delete(id)
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function sendForm(url: string, path: string): Promise<string> {
  return JSON.parse(await curl(['-F', `file=@${path}`, `${url}/api/videos/upload`])).video.id
}

async function sendResumable(url: string, path: string): Promise<string> {
  const tus = ['-H', 'Tus-Resumable: 1.0.0']
  const length = ['-H', `Upload-Length: ${(await stat(path)).size}`, '-H', 'Upload-Metadata: filename ZmlsbS5tcDQ=']
  const post = ['-X', 'POST', '-D', '-', '-o', '/dev/null', ...tus, ...length, `${url}/api/uploads/resumable`]
  const [, location = ''] = /^location: (.*?)\r?$/im.exec(await curl(post)) ?? []
  const address = new URL(location, `${url}/api/uploads/resumable`)
  const part = ['-H', 'Upload-Offset: 0', '-H', 'Content-Type: application/offset+octet-stream']
  await curl(['-X', 'PATCH', ...tus, ...part, '-T', path, String(address)])
  const state = await fetch(`${url}/api/uploads/${address.pathname.split('/').at(-1)}`)
  return ((await state.json()) as { upload: { video: { id: string } } }).upload.video.id
}

async function curl(args: string[]): Promise<string> {
  // Without `Expect` it does not wait a second for leave to send.
  return (await run('curl', ['-sS', '--fail-with-body', '-H', 'Expect:', ...args])).stdout
}

async function residentBytes(pid: number): Promise<number> {
  const [, kibibytes = '0'] = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) * 1024
}

function rowOf(name: string, measured: Measured[], plain: number[]): string[] {
  const of = (pick: (each: Measured) => number) => median(measured.map(pick))
  const seconds = measured.map(each => each.seconds)
  return [
    name,
    of(each => each.seconds).toFixed(2),
    (filmBytes / mebibyte / median(seconds)).toFixed(0),
    (of(each => each.cpuSeconds) / gibibytes).toFixed(2),
    (of(each => each.grewBytes) / mebibyte).toFixed(0),
    ratioOf(plain, seconds),
  ]
}
