import type { Transcript, VideoId } from '../../shared/index.ts'
import { AppError, fail } from '../platform/errors.ts'
import type { HttpHandlers } from '../platform/http/index.ts'
import type { Videos } from '../videos/index.ts'
import { writeCaptions } from './formats/write-captions.ts'

interface TranscriptRoutesOptions {
  videos: Pick<Videos, 'get'>
  get(videoId: VideoId): Promise<Transcript | null>
}

export function createTranscriptRoutes({
  videos,
  get,
}: TranscriptRoutesOptions): Pick<HttpHandlers, 'videos.transcript' | 'videos.transcriptFile'> {
  async function required(videoId: VideoId): Promise<Transcript> {
    const transcript = await get(videoId)
    if (transcript) return transcript
    const { transcriptState, transcriptReason } = await videos.get(videoId)
    if (transcriptState === 'unavailable') {
      throw new AppError(
        'transcript.unavailable',
        transcriptReason ?? 'There is no transcript of this video, and there will be none.',
      )
    }
    throw fail('transcript.not_ready')
  }

  return {
    'videos.transcript': async ({ params }) => ({ transcript: await required(params.id) }),
    'videos.transcriptFile': async ({ params, ctx }) => {
      const { contentType, write } = writeCaptions[params.format]
      const transcript = await required(params.id)
      ctx.set('Content-Type', contentType)
      ctx.body = write(transcript)
    },
  }
}
