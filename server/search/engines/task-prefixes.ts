import type { EmbedOptions } from '../engine.ts'

type Prefixes = Record<EmbedOptions['kind'], string>

/** Families of models that were trained with a few words before each text, as their model cards say. */
const families: readonly [name: RegExp, prefixes: Prefixes][] = [
  [/(^|[/-])e5-/i, { query: 'query: ', passage: 'passage: ' }],
  [/nomic-embed-text/i, { query: 'search_query: ', passage: 'search_document: ' }],
  [
    /(^|[/-])(bge-(small|base|large)-en|mxbai-embed|snowflake-arctic-embed)/i,
    { query: 'Represent this sentence for searching relevant passages: ', passage: '' },
  ],
]

/** The words that this model wants before a text; none for most. */
export const taskPrefix = (model: string, kind: EmbedOptions['kind']): string =>
  families.find(([name]) => name.test(model))?.[1][kind] ?? ''
