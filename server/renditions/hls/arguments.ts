import {
  asFilm,
  isHdr,
  type MediaOutput,
  type MediaStream,
  soundInTime,
  type ToneMapping,
  toStandardPicture,
} from '../../media/index.ts'
import { segmentSeconds } from './index-track.ts'
import type { Rung } from './plan.ts'

/**
 * Times as they are in the film: presentation and decoding begin together (`negative_cts_offsets`), at the time that the
 * film says (`frag_discont`), and no edit list says otherwise, so that every track counts from the same zero.
 */
const fragmented = (...flags: string[]) => [
  ...['-use_editlist', '0', '-avoid_negative_ts', 'disabled', '-map_metadata', '-1', '-map_chapters', '-1'],
  ...[
    '-movflags',
    ['+empty_moov', 'default_base_moof', 'frag_discont', 'skip_trailer', ...flags].join('+'),
    '-f',
    'mp4',
  ],
]
const pictureFile = [...['-video_track_timescale', '90000'], ...fragmented('frag_keyframe', 'negative_cts_offsets')]
/** A little less than two seconds, so that with its last packet a fragment doesn't last longer. */
const soundFile = [...['-frag_duration', '1950000'], ...fragmented()]
/** The packet that only warms up the decoder lies before time 0, where nothing may lie. */
const fromZero = ['-bsf:a', 'noise=drop=lt(pts\\,0)']

export const copyPicture = (index: number): string[] => ['-map', `0:${index}`, '-c:v', 'copy', ...pictureFile]
export const copySound = (index: number): string[] => ['-map', `0:${index}`, '-c:a', 'copy', ...fromZero, ...soundFile]
/** Silence where the sound begins late or has gaps, so that segments follow each other without any. */
export const encodeSound = (index: number): string[] => [
  ...['-map', `0:${index}`, '-af', soundInTime(48_000), '-c:a', 'aac', '-b:a', '128k', '-ac', '2'],
  ...fromZero,
  ...soundFile,
]

/** All rungs in one run, which decodes once. */
export function encodeRungs(
  stream: MediaStream,
  targets: readonly { rung: Rung; path: string }[],
  toneMapping: ToneMapping,
): MediaOutput[] {
  const [largest] = targets
  if (!largest) return []
  const names = targets.map((_, position) => `[s${position}]`)
  const whole = [
    ...toStandardPicture(stream, largest.rung.size, toneMapping),
    `split=${targets.length}${names.join('')}`,
  ].join(',')
  const parts = targets.map(({ rung }, position) => `${names[position]}${asFilm(rung.size)}[o${position}]`)
  const graph = ['-filter_complex', [`[0:${stream.index}]${whole}`, ...parts].join(';')]
  return targets.map(({ rung, path }, position) => ({
    path,
    options: [
      ...(position === 0 ? graph : []),
      '-map',
      `[o${position}]`,
      ...pictureOptions(stream, rung),
      ...pictureFile,
    ],
  }))
}

const bt709 = ['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709']

/** Keyframes at the same times in every rung, whatever the frame rate does, and nothing that looks past them. */
const pictureOptions = (stream: MediaStream, { kilobits }: Rung): string[] => [
  ...['-c:v', 'libx264', '-profile:v', 'high', '-preset', 'veryfast', '-crf', '23'],
  ...['-maxrate', `${kilobits}k`, '-bufsize', `${2 * kilobits}k`],
  ...['-force_key_frames', `expr:gte(t,n_forced*${segmentSeconds})`, '-forced-idr', '1'],
  ...['-sc_threshold', '0', '-g', '100000', '-fps_mode', 'vfr', '-enc_time_base', '1:90000'],
  ...(isHdr(stream) ? bt709 : []),
]
