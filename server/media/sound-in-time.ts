import type { MediaOutput } from './ffmpeg/index.ts'

/**
 * A filter to sound that begins when the film begins: where it starts late or has gaps, silence is put in, so that a time
 * in it is that time of the film.
 */
export const soundInTime = (samplesPerSecond: number): string => `aresample=${samplesPerSecond}:async=1:first_pts=0`

/**
 * Of these, ffmpeg takes the first packet of the streams in use for the beginning: without the other one, a stream that
 * starts late would seem to be on time.
 */
const startWithFirstPacket = ['mpegts', 'mpeg']

/** A further output, which writes nothing: so the stream that is not wanted is in use all the same, where it must be. */
export const keepInUse = (container: string, stream: number | null): MediaOutput[] =>
  stream !== null && startWithFirstPacket.includes(container)
    ? [{ path: '-', options: ['-map', `0:${stream}`, '-c', 'copy', '-f', 'null'] }]
    : []
