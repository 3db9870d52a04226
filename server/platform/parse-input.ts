import type { z } from 'zod'
import { checkInput } from './check-input.ts'
import { refuseInput } from './refuse-input.ts'

/** What came through a door, by its schema: parsed here once, and trusted inside. Throws `request.invalid`. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown, part: string): z.infer<S> {
  checkInput(input, part)
  const parsed = schema.safeParse(input)
  return parsed.success ? parsed.data : refuseInput(part, parsed.error.issues)
}
