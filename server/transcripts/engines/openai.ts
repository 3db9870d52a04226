import type { OpenAI } from 'openai'
import { encodeWav } from '../../media/index.ts'
import { AppError } from '../../platform/errors.ts'
import { openOpenAi } from '../../platform/models/index.ts'
import { type AudioWindow, audioWindows } from '../audio/listen.ts'
import type { SpeechEngine } from '../engine.ts'
import { languageCode } from './language-code.ts'
import { OpenAiAnswer, readAnswer } from './openai-answer.ts'

export interface OpenAiSpeechOptions {
  apiKey?: string | undefined
  /** Left out: OpenAI itself. */
  baseUrl?: string | undefined
  /** Left out: the service is not asked to transcribe. */
  model?: string | undefined
  /** For one window. Default 120. */
  timeoutSeconds?: number
  /** After a passing fault (408, 429, 5xx, no connection). Default 2. */
  retries?: number
}

/** 3.8 MB of WAV, well under the 25 MB that the API takes; and the room need not wait for the whole film. */
const windowSeconds = 120

/** Any server that speaks OpenAI's audio API (`verbose_json` with the times of words). */
export function createOpenAiSpeech(options: OpenAiSpeechOptions): SpeechEngine {
  const { apiKey, baseUrl, model, timeoutSeconds = 120, retries = 2 } = options
  const service = baseUrl === undefined ? 'OpenAI' : new URL(baseUrl).host

  return {
    name: 'openai',
    async check() {
      if (apiKey === undefined && baseUrl === undefined)
        return no('No compatible service is configured (OPENAI_API_KEY, OPENAI_BASE_URL).')
      if (model === undefined) return no('No model that transcribes is configured (OPENAI_TRANSCRIBE_MODEL).')
      return { available: true, reason: `${model} is asked at ${service}.` }
    },
    async transcribe({ audioPath, durationSeconds, language }, { signal, onSegments, onProgress }) {
      if (model === undefined) throw new AppError('server.internal', 'No model that transcribes is configured.')
      const client = await openOpenAi({ apiKey, baseUrl, timeoutSeconds, retries })
      let spoken = languageCode(language)
      for await (const window of audioWindows(audioPath, windowSeconds, signal)) {
        const answer = await ask(client, { window, model, language, signal })
        if (spoken === 'und') spoken = languageCode(answer.language)
        const segments = readAnswer(answer, window)
        if (segments.length > 0) await onSegments(segments)
        onProgress(Math.min(100, (100 * window.endSeconds) / durationSeconds))
      }
      return { language: spoken, engine: `openai ${model}` }
    },
  }
}

const no = (reason: string) => ({ available: false, reason })

interface Request {
  window: AudioWindow
  model: string
  language: string | undefined
  signal: AbortSignal
}

/** Throws what the service answers, or that it can't be understood. */
async function ask(client: OpenAI, { window, model, language, signal }: Request): Promise<OpenAiAnswer> {
  const file = new File([encodeWav(window.samples)], 'speech.wav', { type: 'audio/wav' })
  const request = client.audio.transcriptions.create(
    {
      ...{ file, model, response_format: 'verbose_json', timestamp_granularities: ['word', 'segment'] },
      ...(language === undefined ? {} : { language }),
    },
    { signal },
  )
  const answer: unknown = await request.catch(fault => {
    // The library has a fault of its own for what was aborted.
    signal.throwIfAborted()
    throw fault
  })
  const read = OpenAiAnswer.safeParse(answer)
  if (!read.success)
    throw new AppError('server.internal', 'The service answered something that is no transcript.', {
      cause: read.error,
    })
  return read.data
}
