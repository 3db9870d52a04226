import { availableParallelism } from 'node:os'
import {
  type AutomaticSpeechRecognitionPipeline,
  env,
  LogLevel,
  type PreTrainedModel,
  pipeline,
  StoppingCriteria,
  type Tensor,
} from '@huggingface/transformers'
import type { ModelSource } from '../../platform/models/index.ts'
import { endsInLoop } from './repetition.ts'
import type { WhisperNote } from './whisper-orders.ts'

/** A piece of text with its times, in seconds from the start of what was heard; the end is null when it was cut off. */
export interface WhisperChunk {
  text: string
  startSeconds: number
  endSeconds: number | null
}

export interface WhisperModel {
  /** Chunks are words; else they are phrases. */
  tellsWords: boolean
  /** Hears at most 30 s. `language` only for multilingual models. */
  hear(audio: Float32Array, options: { language: string | null; signal: AbortSignal }): Promise<WhisperChunk[]>
  /** The language's code; null for a model that knows English only. */
  detectLanguage(audio: Float32Array): Promise<string | null>
}

/** As far as a window goes: more tokens a second than any language needs, so that a fault can't run on. */
const tokensPerSecond = 16
const mostTokens = 430

/** Loads the model from its folder; downloads it into it first when that is allowed. */
export async function loadWhisper(source: ModelSource, note: (note: WhisperNote) => void): Promise<WhisperModel> {
  env.localModelPath = source.modelsDir
  env.cacheDir = source.modelsDir
  env.allowRemoteModels = source.allowDownload
  env.logLevel = LogLevel.ERROR
  if (source.modelsUrl !== null) env.remoteHost = source.modelsUrl
  const loaded = await pipeline('automatic-speech-recognition', source.model, {
    device: 'cpu',
    dtype: source.precision,
    session_options: { intraOpNumThreads: Math.max(1, availableParallelism() - 1) },
    progress_callback: progress => {
      if (progress.status === 'progress') note({ kind: 'downloading', file: progress.file, percent: progress.progress })
    },
  })
  return createModel(loaded)
}

function createModel(whisper: AutomaticSpeechRecognitionPipeline): WhisperModel {
  const facts = readFacts(whisper.model)
  return {
    tellsWords: facts.tellsWords,
    async hear(audio, { language, signal }) {
      const { text, chunks } = await whisper(audio, {
        return_timestamps: facts.tellsWords ? 'word' : true,
        // With a limit the library hears its input once, and does not go on by itself into what is silence.
        max_new_tokens: Math.min(mostTokens, 16 + Math.ceil((audio.length / 16_000) * tokensPerSecond)),
        // The types want one criterion; the code takes a list or one.
        stopping_criteria: new Brake(signal),
        ...(facts.languages === null ? {} : { language: language ?? 'en', task: 'transcribe' }),
      })
      return (chunks ?? [{ text, timestamp: [0, null] }]).map(readChunk)
    },
    async detectLanguage(audio) {
      if (facts.languages === null) return null
      const { input_features } = await whisper.processor(audio)
      const answer = await whisper.model.generate({
        inputs: input_features,
        decoder_input_ids: [facts.startToken],
        max_new_tokens: 1,
      })
      const token = Number((answer as Tensor).tolist()[0]?.at(-1))
      return facts.languages.get(token) ?? 'en'
    },
  }
}

/** Stops a decoder that goes round in circles, and one that nobody waits for. The library wants a class. */
class Brake extends StoppingCriteria {
  readonly signal: AbortSignal
  constructor(signal: AbortSignal) {
    super()
    this.signal = signal
  }
  override _call(sequences: number[][]): boolean[] {
    this.signal.throwIfAborted()
    return sequences.map(endsInLoop)
  }
}

interface Facts {
  tellsWords: boolean
  startToken: number
  /** By token; null for a model that knows English only. */
  languages: Map<number, string> | null
}

/** Words need attention heads that are known to align, and an export that gives their attention out. */
function readFacts(model: PreTrainedModel): Facts {
  const settings = model.generation_config as {
    alignment_heads?: number[][] | null
    is_multilingual?: boolean
    lang_to_id?: Record<string, number>
    decoder_start_token_id?: number
  }
  const outputs: string[] = model.sessions.decoder_model_merged?.outputNames ?? []
  const languages = Object.entries(settings.lang_to_id ?? {}).map(
    ([name, token]) => [token, name.slice(2, -2)] as const,
  )
  return {
    tellsWords: Boolean(settings.alignment_heads) && outputs.some(name => name.startsWith('cross_attentions')),
    startToken: settings.decoder_start_token_id ?? 0,
    languages: settings.is_multilingual ? new Map(languages) : null,
  }
}

function readChunk({ text, timestamp }: { text: string; timestamp: readonly (number | null)[] }): WhisperChunk {
  const [start, end] = timestamp
  return { text: text.trim(), startSeconds: start ?? 0, endSeconds: end ?? null }
}
