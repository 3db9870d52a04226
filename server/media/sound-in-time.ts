import type { MediaOutput } from './ffmpeg/index.ts'

/**
 * A filter to sound that begins when the film begins: where it starts late or has gaps, silence is put in, so that a time
 * in it is that time of the film.
 */
export const soundInTime = (samplesPerSecond: number): string => `aresample=${samplesPerSecond}:async=1:first_pts=0`

/** Has no index, and begins at any time: as it came from an aerial. */
export const isStreamed = (container: string): boolean => ['mpegts', 'mpeg'].includes(container)

/**
 * A further output, which writes nothing. Of what is streamed, ffmpeg takes the first packet of the streams in use for the
 * beginning: without the other one, a stream that starts late would seem to be on time.
 */
export const keepInUse = (container: string, stream: number | null): MediaOutput[] =>
  stream !== null && isStreamed(container)
    ? [{ path: '-', options: ['-map', `0:${stream}`, '-c', 'copy', '-f', 'null'] }]
    : []
