import { createExtractiveEngine } from '../../server/chat/engines/extractive.ts'
import { createOpenAiEngine } from '../../server/chat/engines/openai.ts'
import type { Config } from '../../server/config.ts'
import { answerOptions, embedderOptions, speechOptions } from '../../server/engine-options.ts'
import { climb, type Rung } from '../../server/platform/ladder.ts'
import { createLog } from '../../server/platform/log.ts'
import { createEmbedderLadder } from '../../server/search/engines/ladder.ts'
import { createSpeechLadder } from '../../server/transcripts/engines/ladder.ts'
import { type Finding, ok, warn } from './finding.ts'

interface Ladder {
  name: string
  engines: readonly Rung[]
  without: string
}

const patience = { firstMs: 10_000, betweenMs: 10_000, wholeMs: 20_000 }

/** Asks each rung of the server's own ladders, as the server does when it starts. Nothing is downloaded. */
export async function checkEngines(given: Config): Promise<Finding[]> {
  const config = { ...given, MODELS_DOWNLOAD: false }
  const log = createLog({ level: 'silent', pretty: false })
  const speech = createSpeechLadder(speechOptions(config).speech, log)
  const embedders = createEmbedderLadder(embedderOptions(config).embedders, log)
  const answers = [createOpenAiEngine(answerOptions(config).model, patience), createExtractiveEngine()]
  try {
    const ladders: Ladder[] = [
      { name: 'transcript', engines: speech.engines, without: 'films get no transcript but the subtitles they carry' },
      { name: 'embeddings', engines: embedders.engines, without: 'search compares words, not meanings' },
      { name: 'answers', engines: answers, without: 'nothing answers' },
    ]
    return (await Promise.all(ladders.map(checkLadder))).flat()
  } finally {
    await Promise.all([speech.stop(), embedders.stop()])
  }
}

async function checkLadder({ name, engines, without }: Ladder): Promise<Finding[]> {
  const { health } = await climb(engines)
  const rungs = health.rungs.map(rung =>
    rung.available
      ? ok(`${name}: ${rung.name}`, rung.name === health.rung ? `in use. ${rung.reason}` : rung.reason)
      : warn(`${name}: ${rung.name}`, 'not here', rung.reason),
  )
  if (health.rung !== 'none') return rungs
  return [...rungs, warn(name, `no rung holds: ${without}`, 'any of the above; sh scripts/setup.sh for transcripts')]
}
