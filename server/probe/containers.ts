/** Containers that we take, named by their usual name. */
export type Container = keyof typeof contentTypes

const contentTypes = {
  mp4: { video: 'video/mp4', audio: 'audio/mp4' },
  mov: { video: 'video/quicktime', audio: 'audio/mp4' },
  webm: { video: 'video/webm', audio: 'audio/webm' },
  matroska: { video: 'video/matroska', audio: 'audio/matroska' },
  avi: { video: 'video/vnd.avi', audio: 'video/vnd.avi' },
  mpegts: { video: 'video/mp2t', audio: 'video/mp2t' },
  mpeg: { video: 'video/mpeg', audio: 'video/mpeg' },
  ogg: { video: 'video/ogg', audio: 'audio/ogg' },
  flac: { video: 'audio/flac', audio: 'audio/flac' },
  mp3: { video: 'audio/mpeg', audio: 'audio/mpeg' },
  wav: { video: 'audio/wav', audio: 'audio/wav' },
  aac: { video: 'audio/aac', audio: 'audio/aac' },
  flv: { video: 'video/x-flv', audio: 'video/x-flv' },
  asf: { video: 'video/x-ms-asf', audio: 'audio/x-ms-wma' },
  aiff: { video: 'audio/aiff', audio: 'audio/aiff' },
} as const

const byDemuxer: [demuxer: string, container: Container][] = [
  ['mov', 'mp4'],
  ['matroska', 'matroska'],
  ...(Object.keys(contentTypes) as Container[]).map((name): [string, Container] => [name, name]),
]

/** `formatName` is ffmpeg's demuxer; `brand` what the file calls itself (`ftyp` of an MP4, `DocType` of a Matroska). */
export function containerOf(formatName: string, brand: string | null): Container | null {
  const demuxers = formatName.split(',')
  const container = byDemuxer.find(([demuxer]) => demuxers.includes(demuxer))?.[1] ?? null
  if (container === 'mp4' && (brand === null || brand.startsWith('qt'))) return 'mov'
  if (container === 'matroska' && brand === 'webm') return 'webm'
  return container
}

export const contentTypeOf = (container: Container, hasVideo: boolean): string =>
  contentTypes[container][hasVideo ? 'video' : 'audio']
