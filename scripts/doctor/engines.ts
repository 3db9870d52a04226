import { createAnswerEngines } from '../../server/chat/engines/rungs.ts'
import type { Config } from '../../server/config.ts'
import { answerOptions, embedderOptions, speechOptions } from '../../server/engine-options.ts'
import { createLog } from '../../server/platform/log.ts'
import { askRungs, type Rung } from '../../server/platform/rungs.ts'
import { createEmbedderRungs } from '../../server/search/engines/rungs.ts'
import { createSpeechRungs } from '../../server/transcripts/engines/rungs.ts'
import { type Finding, ok, warn } from './finding.ts'

interface Engine {
  name: string
  engines: readonly Rung[]
  without: string
}

const patience = { firstMs: 10_000, betweenMs: 10_000, wholeMs: 20_000 }

/** Asks each rung of the server's own engines, as the server does when it starts. Nothing is downloaded. */
export async function checkEngines(given: Config): Promise<Finding[]> {
  const config = { ...given, MODELS_DOWNLOAD: false }
  const log = createLog({ level: 'silent', pretty: false })
  const speech = createSpeechRungs(speechOptions(config).speech, log)
  const embedders = createEmbedderRungs(embedderOptions(config).embedders, log)
  const answers = createAnswerEngines(answerOptions(config).model, patience)
  try {
    const all: Engine[] = [
      { name: 'transcript', engines: speech.engines, without: 'films get no transcript but the subtitles they carry' },
      { name: 'embeddings', engines: embedders.engines, without: 'search compares words, not meanings' },
      { name: 'answers', engines: answers, without: 'nothing answers' },
    ]
    return (await Promise.all(all.map(checkEngine))).flat()
  } finally {
    await Promise.all([speech.stop(), embedders.stop()])
  }
}

async function checkEngine({ name, engines, without }: Engine): Promise<Finding[]> {
  const { health } = await askRungs(engines)
  const rungs = health.rungs.map(rung =>
    rung.available
      ? ok(`${name}: ${rung.name}`, rung.name === health.rung ? `in use. ${rung.reason}` : rung.reason)
      : warn(`${name}: ${rung.name}`, 'not here', rung.reason),
  )
  if (health.rung !== 'none') return rungs
  return [...rungs, warn(name, `no rung holds: ${without}`, 'any of the above; sh scripts/setup.sh for transcripts')]
}
