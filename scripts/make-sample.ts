import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

// Makes samples/rushes.mp4, the film that `npm run demo` shows: a story that is told by ffmpeg's flite voice over slides
// that ffmpeg draws. Wants an ffmpeg with flite, drawtext and libx264, and the DejaVu fonts (Debian has them all).
//   node scripts/make-sample.ts [OUTPUT]

interface Scene {
  /** Shown large. */
  headline: string
  /** Colour of the disc that wanders through it. */
  colour: string
  /** Said, one after the other. In words that a small recogniser knows well: the demo must hold without a large one. */
  lines: string[]
}

const scenes: Scene[] = [
  {
    headline: 'The story of a small film',
    colour: '0xe8b04a',
    lines: ['This is the story of a small film.', 'The film was made in a small town near the ocean.'],
  },
  {
    headline: 'Margaret Johnson',
    colour: '0xd9694f',
    lines: ['The director was a woman from Chicago.', 'Her name was Margaret Johnson.'],
  },
  {
    headline: '27 days',
    colour: '0x5aa9a0',
    lines: ['The work began in the month of October.', 'It took twenty seven days.'],
  },
  {
    headline: 'Rain, and a river',
    colour: '0x5b8bd0',
    lines: [
      'On the first day it rained, and nobody could work.',
      'On the second day, the camera fell into the river.',
      'They bought another one for nine hundred dollars.',
    ],
  },
  {
    headline: 'The rushes',
    colour: '0xe8b04a',
    lines: [
      'At the end of every day, they came together in a dark room.',
      'There they looked at all the pictures of that day.',
      'They are called the rushes.',
      'When somebody asked a question, they stopped and looked again.',
    ],
  },
  {
    headline: 'An old man and a dog',
    colour: '0x9b7fc4',
    lines: ['After three weeks they had forty hours of pictures.', 'The best picture was of an old man and a dog.'],
  },
  {
    headline: 'New York, in May',
    colour: '0xd9694f',
    lines: ['The film opened in New York in the month of May.', 'And that was the end of the story.'],
  },
]

const pauseSeconds = 0.55
const run = promisify(execFile)
const ffmpeg = (...options: string[]) =>
  run('ffmpeg', ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y', ...options])

const output = process.argv[2] ?? join(import.meta.dirname, '../samples/rushes.mp4')
const work = await mkdtemp(join(tmpdir(), 'rushes-sample-'))
try {
  const spoken = await speak(scenes, work)
  await draw(spoken, work)
  console.log(`${output}: ${spoken.at(-1)?.endSeconds.toFixed(1)} s`)
} finally {
  await rm(work, { recursive: true, force: true })
}

interface Span {
  headline: string
  colour: string
  startSeconds: number
  endSeconds: number
}

/** Writes voice.wav: every line with a rest after it. Returns when each scene is on. */
async function speak(scenes: Scene[], directory: string): Promise<Span[]> {
  const spans: Span[] = []
  const pieces: string[] = []
  let atSeconds = 0
  for (const { headline, colour, lines } of scenes) {
    const startSeconds = atSeconds
    for (const line of lines) {
      const name = join(directory, `line-${pieces.length}`)
      await writeFile(`${name}.txt`, line)
      const padded = ['-af', `adelay=100,apad=pad_dur=${pauseSeconds}`, '-ar', '48000', '-ac', '1']
      await ffmpeg('-f', 'lavfi', '-i', `flite=textfile=${name}.txt:voice=slt`, ...padded, `${name}.wav`)
      atSeconds += await durationOf(`${name}.wav`)
      pieces.push(`file '${name}.wav'`)
    }
    spans.push({ headline, colour, startSeconds, endSeconds: atSeconds })
  }
  await writeFile(join(directory, 'pieces.txt'), pieces.join('\n'))
  await ffmpeg('-f', 'concat', '-safe', '0', '-i', join(directory, 'pieces.txt'), join(directory, 'voice.wav'))
  return spans
}

async function durationOf(path: string): Promise<number> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path])
  return Number(stdout)
}

async function draw(spans: Span[], directory: string): Promise<void> {
  const seconds = spans.at(-1)?.endSeconds ?? 0
  const graph = join(directory, 'graph.txt')
  await writeFile(graph, filterGraph(spans, seconds))
  const video = ['-c:v', 'libx264', '-preset', 'veryslow', '-crf', '27', '-pix_fmt', 'yuv420p', '-g', '125']
  const audio = ['-c:a', 'aac', '-b:a', '72k']
  const about = ['-metadata', 'title=Rushes: the story of a small film', '-fflags', '+bitexact', '-flags', '+bitexact']
  const voice = ['-i', join(directory, 'voice.wav')]
  const maps = ['-filter_complex_script', graph, '-map', '[picture]', '-map', '0:a', '-t', String(seconds)]
  await ffmpeg(...voice, ...maps, ...video, ...audio, ...about, output)
}

/** A strip of film runs above and below, a disc wanders, a line tells how far it is, and each scene has its headline. */
function filterGraph(spans: Span[], seconds: number): string {
  const source = (spec: string) => `${spec}:r=25:d=${seconds}`
  const holes = 'drawbox=x=0:y=0:w=iw:h=ih:color=0x0d0f12:t=fill,drawgrid=w=80:h=62:y=-20:t=34:c=0x22262d'
  const strip = `${source('color=c=black:s=1440x56')},${holes}`
  const parts = [
    `${source('color=c=0x171a20:s=1280x720')}[ground]`,
    `${strip},split[upper][lower]`,
    `[ground][upper]overlay=x='-mod(t*36,80)':y=0[a]`,
    `[a][lower]overlay=x='-80+mod(t*36,80)':y=H-56[stage0]`,
  ]
  spans.forEach(({ colour, startSeconds, endSeconds }, index) => {
    const shown = `between(t,${startSeconds},${endSeconds})`
    const disc = `color=c=${colour}:s=180x180:r=1:d=1,format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='255*clip(90-hypot(X-90,Y-90),0,1)'`
    const path = `x='160+960*(t-${startSeconds})/${endSeconds - startSeconds}-90':y='470-70*sin((t-${startSeconds})*1.3)-90'`
    parts.push(`${disc},loop=loop=-1:size=1,fps=25[disc${index}]`)
    parts.push(
      `[stage${index}][disc${index}]overlay=${path}:enable='${shown}':shortest=0:eof_action=repeat[stage${index + 1}]`,
    )
  })
  const titles = spans.map(({ headline, startSeconds, endSeconds }) => {
    const alpha = `alpha='min(1,min((t-${startSeconds})/0.5,(${endSeconds}-t)/0.3))'`
    const text = `text='${headline}':font=DejaVu Sans:fontsize=64:fontcolor=0xf3efe6:x=(w-tw)/2:y=200`
    return `drawtext=${text}:${alpha}:enable='between(t,${startSeconds},${endSeconds})'`
  })
  const done = `${source('color=c=0xe8b04a:s=1280x4')}[line]`
  parts.push(done, `[stage${spans.length}][line]overlay=x='-1280+1280*t/${seconds}':y=H-64[filled]`)
  parts.push(`[filled]${titles.join(',')},format=yuv420p[picture]`)
  return parts.join(';\n')
}
