import type { Ffmpeg } from '../../server/media/index.ts'

export interface ShownFrame {
  atSeconds: number
  /** Of its pixels. */
  digest: string
}

/** In these the beginning is that of the first stream in use. */
const soundToo = (path: string) =>
  path.endsWith('.ts') ? [{ path: '-', options: ['-map', '0:a', '-c', 'copy', '-f', 'null'] }] : []

interface Way {
  /** Before `-i`. */
  input?: readonly string[]
  filter?: string
}

/** The frames of a film's picture, decoded. */
export async function framesOf(ffmpeg: Ffmpeg, path: string, way: Way = {}): Promise<ShownFrame[]> {
  const { input = [], filter = 'null' } = way
  const options = ['-map', '0:v:0', '-vf', filter, '-fps_mode', 'passthrough', '-enc_time_base', '1:90000']
  const printed = await ffmpeg.capture(
    { inputs: [{ path, options: input }], options: [...options, '-f', 'framemd5'], beside: soundToo(path) },
    { timeoutSeconds: 60 },
  )
  const timeBase = /^#tb 0: (\d+)\/(\d+)/m.exec(printed)
  const tick = Number(timeBase?.[1]) / Number(timeBase?.[2])
  return printed
    .split('\n')
    .filter(line => line.startsWith('0,'))
    .map(line => line.split(',').map(each => each.trim()))
    .map(([, , pts, , , digest = '']) => ({ atSeconds: Number(pts) * tick, digest }))
}

/** Where sound begins and ends, louder than a whisper, to 10 ms. */
export async function soundsOf(ffmpeg: Ffmpeg, path: string, way: Way = {}): Promise<{ from: number; to: number }[]> {
  const { input = [], filter = 'anull' } = way
  const samplesPerSecond = 16_000
  const measured = `${filter},aresample=${samplesPerSecond},aformat=channel_layouts=mono,asetnsamples=${samplesPerSecond / 100}:p=0`
  const print = 'astats=metadata=1:reset=1,ametadata=print:key=lavfi.astats.Overall.RMS_level:file=-'
  const printed = await ffmpeg.capture(
    {
      inputs: [{ path, options: input }],
      options: ['-map', '0:a:0', '-af', `${measured},${print}`, '-f', 'null'],
      maxBytes: 8 * 2 ** 20,
    },
    { timeoutSeconds: 60 },
  )
  const loud = [...printed.matchAll(/pts_time:(\S+)\s+lavfi\.astats\.Overall\.RMS_level=(\S+)/g)]
    .filter(([, , level]) => Number(level) > -40)
    .map(([, at]) => Number(at))
  const spans: { from: number; to: number }[] = []
  for (const at of loud) {
    const last = spans.at(-1)
    if (last && at - last.to < 0.015) last.to = at + 0.01
    else spans.push({ from: at, to: at + 0.01 })
  }
  return spans
}
