import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AutoTokenizer, env } from '@huggingface/transformers'
import { type OnnxGraph, type OnnxNode, writeOnnx } from './onnx-writer.ts'

/** What the model says, whatever it hears. No token may come twice: the next one is looked up from the last. */
export interface ScriptLine {
  text: string
  startSeconds: number
  endSeconds: number
}

export interface TinyWhisperOptions {
  /** The real model's folder: its tokenizer and configuration are used as they are. */
  source: string
  /** Where to write; a folder `owner/name` of the models directory. */
  target: string
  script: readonly ScriptLine[]
  /** Also tell where in the audio each token lies, so that words get times of their own. */
  attention?: boolean
  /** Make it a multilingual model that hears this language. */
  language?: 'de' | 'fr'
  /** Say the last line's words over and over instead of stopping. */
  stuck?: boolean
}

const tokens = {
  start: 50257,
  end: 50256,
  transcribe: 50358,
  firstTimestamp: 50363,
  languages: { de: 50260, fr: 50264 },
}
const vocabularySize = 51864
const frames = 1500
const width = 4

/** Writes a Whisper whose decoder speaks a script: real files in the real layout, weights of a few kilobytes. */
export async function writeTinyWhisper(options: TinyWhisperOptions): Promise<void> {
  const { source, target } = options
  await mkdir(join(target, 'onnx'), { recursive: true })
  for (const name of ['tokenizer.json', 'tokenizer_config.json', 'preprocessor_config.json'])
    await cp(join(source, name), join(target, name))
  const size = {
    d_model: width,
    encoder_layers: 1,
    decoder_layers: 1,
    encoder_attention_heads: 1,
    decoder_attention_heads: 1,
  }
  await copyJson(source, target, 'config.json', size)
  await copyJson(source, target, 'generation_config.json', generationChanges(options))
  const spoken = await spokenTokens(options)
  await writeFile(join(target, 'onnx/encoder_model.onnx'), writeOnnx(encoder()))
  await writeFile(
    join(target, 'onnx/decoder_model_merged.onnx'),
    writeOnnx(decoder(nextTokens(spoken, options), spoken, options)),
  )
}

async function copyJson(source: string, target: string, name: string, changes: object): Promise<void> {
  const original: object = JSON.parse(await readFile(join(source, name), 'utf8'))
  await writeFile(join(target, name), JSON.stringify({ ...original, ...changes }))
}

const generationChanges = ({ language, attention }: TinyWhisperOptions): object => ({
  alignment_heads: attention ? [[0, 0]] : null,
  ...(language === undefined
    ? {}
    : {
        is_multilingual: true,
        lang_to_id: { '<|de|>': tokens.languages.de, '<|fr|>': tokens.languages.fr },
        task_to_id: { transcribe: tokens.transcribe },
      }),
})

interface SpokenToken {
  id: number
  atSeconds: number
}

/** Timestamps around each line's words, the words' own times spread evenly. */
async function spokenTokens({ source, script }: TinyWhisperOptions): Promise<SpokenToken[]> {
  env.allowRemoteModels = false
  const tokenizer = await AutoTokenizer.from_pretrained(source)
  return script.flatMap(({ text, startSeconds, endSeconds }) => {
    const ids: number[] = tokenizer.encode(` ${text}`, { add_special_tokens: false })
    const step = (endSeconds - startSeconds) / ids.length
    return [
      { id: timestamp(startSeconds), atSeconds: startSeconds },
      ...ids.map((id, at) => ({ id, atSeconds: startSeconds + (at + 0.5) * step })),
      { id: timestamp(endSeconds), atSeconds: endSeconds },
    ]
  })
}

const timestamp = (seconds: number): number => tokens.firstTimestamp + Math.round(seconds / 0.02)

function nextTokens(spoken: readonly SpokenToken[], { language, stuck }: TinyWhisperOptions): Float32Array {
  const next = new Float32Array(vocabularySize).fill(tokens.end)
  const opening =
    language === undefined ? [tokens.start] : [tokens.start, tokens.languages[language], tokens.transcribe]
  const sentence = [...opening, ...spoken.map(({ id }) => id)]
  if (new Set(sentence).size !== sentence.length) throw new Error('The script says a token twice.')
  for (const [at, id] of sentence.entries()) next[id] = sentence[at + 1] ?? tokens.end
  const words = spoken.filter(({ id }) => id < tokens.firstTimestamp)
  const [firstWord, lastWord] = [words[0], words.at(-1)]
  if (stuck && firstWord && lastWord) next[lastWord.id] = firstWord.id
  return next
}

/** Its output depends on nothing but the input's mean. */
const encoder = (): OnnxGraph => ({
  inputs: [{ name: 'input_features', type: 'float32', shape: ['batch_size', 80, 3000] }],
  outputs: [{ name: 'last_hidden_state', type: 'float32', shape: ['batch_size', frames, width] }],
  constants: [{ name: 'shape', type: 'int64', shape: [3], values: [1, frames, width] }],
  nodes: [
    { op: 'ReduceMean', inputs: ['input_features'], outputs: ['mean'], attributes: { axes: [1, 2], keepdims: 1 } },
    { op: 'Expand', inputs: ['mean', 'shape'], outputs: ['last_hidden_state'] },
  ],
})

/** logits = -8 · |token - next(last token)|; the cache is there only so that one token comes at a time. */
function decoder(
  next: Float32Array,
  spoken: readonly SpokenToken[],
  { attention = false }: TinyWhisperOptions,
): OnnxGraph {
  const range = Float32Array.from({ length: vocabularySize }, (_, id) => id)
  return {
    inputs: [
      { name: 'input_ids', type: 'int64', shape: ['batch_size', 'length'] },
      { name: 'encoder_hidden_states', type: 'float32', shape: ['batch_size', frames, width] },
    ],
    outputs: [
      { name: 'logits', type: 'float32', shape: ['batch_size', 'length', vocabularySize] },
      { name: 'present.0.decoder.key', type: 'float32', shape: ['batch_size', 1, 'length', 1] },
      ...(attention
        ? [{ name: 'cross_attentions.0', type: 'float32' as const, shape: ['batch_size', 1, 'length', frames] }]
        : []),
    ],
    constants: [
      { name: 'next', type: 'float32', shape: [vocabularySize], values: next },
      { name: 'range', type: 'float32', shape: [vocabularySize], values: range },
      { name: 'sharpness', type: 'float32', shape: [], values: [-8] },
      { name: 'last', type: 'int64', shape: [1], values: [2] },
      { name: 'around', type: 'int64', shape: [2], values: [1, 3] },
      { name: 'frame_of', type: 'float32', shape: [vocabularySize], values: framesOf(spoken) },
      { name: 'frames', type: 'float32', shape: [frames], values: range.subarray(0, frames) },
    ],
    nodes: [
      { op: 'Gather', inputs: ['next', 'input_ids'], outputs: ['wanted'] },
      ...distance({ from: 'range', to: 'wanted', axes: 'last', output: 'logits' }),
      { op: 'Unsqueeze', inputs: ['wanted', 'around'], outputs: ['present.0.decoder.key'] },
      ...(attention ? attentionNodes : []),
    ],
  }
}

const attentionNodes: OnnxNode[] = [
  { op: 'Gather', inputs: ['frame_of', 'input_ids'], outputs: ['heard_at'] },
  { op: 'Unsqueeze', inputs: ['heard_at', 'around'], outputs: ['heard_at_4d'] },
  { op: 'Sub', inputs: ['frames', 'heard_at_4d'], outputs: ['frames_off'] },
  { op: 'Abs', inputs: ['frames_off'], outputs: ['frames_away'] },
  { op: 'Neg', inputs: ['frames_away'], outputs: ['closeness'] },
  { op: 'Softmax', inputs: ['closeness'], outputs: ['cross_attentions.0'], attributes: { axis: -1 } },
]

/** A node's attention lies where the next token, which it predicts, is heard. */
function framesOf(spoken: readonly SpokenToken[]): Float32Array {
  const heard = new Float32Array(vocabularySize)
  for (const [at, { id }] of spoken.entries())
    heard[id] = Math.round((spoken[at + 1]?.atSeconds ?? spoken[at]?.atSeconds ?? 0) / 0.02)
  return heard
}

const distance = ({
  from,
  to,
  axes,
  output,
}: {
  from: string
  to: string
  axes: string
  output: string
}): OnnxNode[] => [
  { op: 'Unsqueeze', inputs: [to, axes], outputs: [`${to}_aside`] },
  { op: 'Sub', inputs: [from, `${to}_aside`], outputs: [`${output}_off`] },
  { op: 'Abs', inputs: [`${output}_off`], outputs: [`${output}_away`] },
  { op: 'Mul', inputs: [`${output}_away`, 'sharpness'], outputs: [output] },
]
