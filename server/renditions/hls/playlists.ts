import { averageBitRate, type Ladder, peakBitRate, secondsOf, type Track, targetSecondsOf } from './ladder.ts'

/** Players can't add a credential to what they read in a playlist, so the one it was asked with goes along. */
export type Carry = (uri: string) => string

export const carrying =
  (token: unknown): Carry =>
  uri =>
    typeof token === 'string' ? `${uri}?token=${encodeURIComponent(token)}` : uri

/** What starts on an unknown line: the best of at most this. */
const startBitRate = 2_500_000

/** The master playlist of what is finished. `language` is that of the subtitles; null where there are none. */
export function writeMaster(ladder: Ladder, language: string | null, carry: Carry): string {
  const target = targetSecondsOf(ladder)
  const sound = ladder.tracks.find(({ kind }) => kind === 'audio')
  const pictures = ladder.tracks.filter(({ kind }) => kind === 'video')
  const variants = (pictures.length > 0 ? pictures : ladder.tracks).map(track => variantOf(track, sound, target))
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS']
  if (sound && pictures.length > 0)
    lines.push(
      `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,URI="${carry('audio.m3u8')}"`,
    )
  if (language !== null) lines.push(subtitles(language, carry))
  for (const { track, peak, attributes } of inOrder(variants)) {
    const more = [
      ...(sound && track !== sound ? ['AUDIO="sound"'] : []),
      ...(language === null ? [] : ['SUBTITLES="captions"']),
      ...(track.kind === 'video' ? ['CLOSED-CAPTIONS=NONE'] : []),
    ]
    lines.push(`#EXT-X-STREAM-INF:BANDWIDTH=${peak},${[...attributes, ...more].join(',')}`, carry(`${track.name}.m3u8`))
  }
  return `${lines.join('\n')}\n`
}

function subtitles(language: string, carry: Carry): string {
  const spoken = /^[A-Za-z0-9-]+$/.test(language) && language !== 'und' ? `LANGUAGE="${language}",` : ''
  return `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="Transcript",${spoken}DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="${carry('subtitles.m3u8')}"`
}

interface Variant {
  track: Track
  peak: number
  attributes: string[]
}

function variantOf(track: Track, sound: Track | undefined, target: number): Variant {
  const played = sound && sound !== track ? [track, sound] : [track]
  const sum = (of: (track: Track) => number) => played.reduce((total, each) => total + of(each), 0)
  const attributes = [
    `AVERAGE-BANDWIDTH=${sum(averageBitRate)}`,
    `CODECS="${played.map(({ codecs }) => codecs).join(',')}"`,
    ...(track.kind === 'video'
      ? [`RESOLUTION=${track.width}x${track.height}`, `FRAME-RATE=${track.frameRate?.toFixed(3)}`, 'VIDEO-RANGE=SDR']
      : []),
  ]
  return { track, peak: sum(each => peakBitRate(each, target)), attributes }
}

/** Players begin with the first, so that comes first which plays nearly everywhere; the others from the best down. */
function inOrder(variants: Variant[]): Variant[] {
  const sorted = variants.toSorted((a, b) => b.peak - a.peak)
  const first = sorted.find(({ peak }) => peak <= startBitRate) ?? sorted.at(-1)
  return first ? [first, ...sorted.filter(each => each !== first)] : []
}

const head = (targetSeconds: number) => [
  '#EXTM3U',
  '#EXT-X-VERSION:7',
  `#EXT-X-TARGETDURATION:${targetSeconds}`,
  '#EXT-X-MEDIA-SEQUENCE:0',
  '#EXT-X-PLAYLIST-TYPE:VOD',
]

/** The playlist of one track: byte ranges of one file. */
export function writeMedia(ladder: Ladder, track: Track, carry: Carry): string {
  const uri = carry(`${track.name}.mp4`)
  const lines = [
    ...head(targetSecondsOf(ladder)),
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-MAP:URI="${uri}",BYTERANGE="${track.initBytes}@0"`,
  ]
  let offset = track.initBytes
  for (const { bytes, seconds } of track.segments) {
    lines.push(`#EXTINF:${seconds.toFixed(6)},`, `#EXT-X-BYTERANGE:${bytes}@${offset}`, uri)
    offset += bytes
  }
  return `${lines.join('\n')}\n#EXT-X-ENDLIST\n`
}

/** The transcript is one segment: a fresh one is asked for each time the film is opened. */
export function writeSubtitles(ladder: Ladder, carry: Carry): string {
  const seconds = Math.max(0.001, ...ladder.tracks.map(secondsOf))
  const lines = [...head(Math.max(1, Math.round(seconds))), `#EXTINF:${seconds.toFixed(6)},`, carry('subtitles.vtt')]
  return `${lines.join('\n')}\n#EXT-X-ENDLIST\n`
}

/** "X-TIMESTAMP-MAP=LOCAL:<cue time>,MPEGTS:<MPEG-2 time>" (RFC 8216, section 3.5): cues count as the film does. */
export const asSegment = (vtt: string): string =>
  vtt.replace(/^WEBVTT[^\n]*\n/, line => `${line}X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n`)
