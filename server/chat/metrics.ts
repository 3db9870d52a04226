import { Counter, type Registry } from 'prom-client'
import type { AnswerUsage } from '../../shared/index.ts'

export type ChatMetrics = ReturnType<typeof chatMetrics>

/** How questions were answered, and for how much; and what was said too fast. */
export function chatMetrics(registry: Registry) {
  const registers = [registry]
  return {
    answers: new Counter({
      name: 'rushes_answers_total',
      help: 'Answers',
      labelNames: ['outcome'] as const,
      registers,
    }),
    answerTokens: new Counter({
      name: 'rushes_answer_tokens_total',
      help: 'Tokens that the language model counted for answers',
      labelNames: ['direction'] as const,
      registers,
    }),
    answerCost: new Counter({
      name: 'rushes_answer_cost_usd_total',
      help: 'What those tokens cost by the configured prices, in US dollars',
      registers,
    }),
    rateLimited: new Counter({
      name: 'rushes_writes_refused_total',
      help: 'Messages, changes, reactions and questions that came faster than one person may write',
      registers,
    }),
  }
}

export function countCost(metrics: ChatMetrics, usage: AnswerUsage | null): void {
  if (!usage) return
  metrics.answerTokens.inc({ direction: 'input' }, usage.inputTokens)
  metrics.answerTokens.inc({ direction: 'output' }, usage.outputTokens)
  metrics.answerCost.inc(usage.costUsd ?? 0)
}
