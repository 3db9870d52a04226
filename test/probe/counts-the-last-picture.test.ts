import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { createFfmpeg } from '../../server/media/index.ts'
import { createLog } from '../../server/platform/log.ts'
import { createProbe } from '../../server/probe/index.ts'

const run = promisify(execFile)
const directory = await mkdtemp(join(tmpdir(), 'rushes-slides-'))
const log = createLog({ level: 'silent', pretty: false })
const ffmpeg = createFfmpeg({ threads: 1, memoryBytes: 4 * 1024 ** 3, niceness: 0, log })
const probe = createProbe({ ffmpeg, limits: { maxDurationSeconds: 3600 } })
after(async () => {
  await ffmpeg.stop()
  await rm(directory, { recursive: true, force: true })
})

// So small for their length that the header is not simply believed.
for (const [rate, seconds, name] of [
  ['1/5', 20, 'slides.mp4'],
  ['1/2', 14, 'slides.mkv'],
  ['25', 60, 'nothing-moves.mp4'],
] as const)
  test(`a silent film of ${seconds} s at ${rate} pictures a second lasts as long as its last picture is shown (${name})`, async () => {
    const path = join(directory, name)
    const still = ['-f', 'lavfi', '-i', `color=c=green:s=64x48:r=${rate}`, '-t', String(seconds)]
    await run('ffmpeg', [
      ...['-v', 'error', '-y'],
      ...still,
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-pix_fmt',
      'yuv420p',
      path,
    ])
    const { durationSeconds } = await probe.inspect(path, { filename: name })
    assert.equal(durationSeconds, seconds)
  })
