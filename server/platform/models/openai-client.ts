import type { OpenAI } from 'openai'

export interface OpenAiAccess {
  apiKey?: string | undefined
  /** Left out: OpenAI itself. */
  baseUrl?: string | undefined
  /** For one request; the library's own when left out. */
  timeoutSeconds?: number
  /** After a passing fault (408, 429, 5xx, no connection). */
  retries: number
}

/** A client of a service that speaks OpenAI's API. The library is large: whoever asks no service never loads it. */
export async function openOpenAi({ apiKey, baseUrl, timeoutSeconds, retries }: OpenAiAccess): Promise<OpenAI> {
  const { OpenAI } = await import('openai')
  return new OpenAI({
    // Null keeps the library from looking into the environment; a local server wants no key, but the library does.
    ...{ apiKey: apiKey ?? 'none', baseURL: baseUrl ?? null, organization: null, project: null, adminAPIKey: null },
    ...(timeoutSeconds !== undefined && { timeout: timeoutSeconds * 1000 }),
    ...{ maxRetries: retries, logLevel: 'off' },
  })
}
