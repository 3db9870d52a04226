import type { Log } from '../../platform/log.ts'
import type { SpeechEngine } from '../engine.ts'
import { createOpenAiSpeech, type OpenAiSpeechOptions } from './openai.ts'
import { createPocketsphinx } from './pocketsphinx.ts'
import { createWhisper, type WhisperOptions } from './whisper.ts'

export interface SpeechRungsOptions {
  /** One rung alone, or `auto` for all. */
  transcriber: 'auto' | 'subtitles' | 'whisper' | 'openai' | 'pocketsphinx' | 'none'
  whisper: Omit<WhisperOptions, 'log'>
  openai: OpenAiSpeechOptions
}
export interface SpeechRungs {
  /** Best first. */
  engines: SpeechEngine[]
  /** Whether a video's own subtitles may be taken. */
  subtitles: boolean
  stop(): Promise<void>
}

/** The recognisers that the configuration lets stand. */
export function createSpeechRungs({ transcriber, whisper, openai }: SpeechRungsOptions, log: Log): SpeechRungs {
  const listener = createWhisper({ ...whisper, log })
  const engines = [listener, createOpenAiSpeech(openai), createPocketsphinx()]
  return {
    engines: transcriber === 'auto' ? engines : engines.filter(engine => engine.name === transcriber),
    subtitles: transcriber === 'auto' || transcriber === 'subtitles',
    stop: listener.stop,
  }
}
