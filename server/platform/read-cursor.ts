import type { z } from 'zod'
import { AppError } from './errors.ts'

/** Where a page of a list begins. Throws `request.invalid` for what is none, and says where one comes `from`. */
export function readCursor<S extends z.ZodType>(
  schema: S,
  cursor: string | undefined,
  from = 'take it from `nextCursor`.',
): z.infer<S> | undefined {
  if (cursor === undefined) return undefined
  const parsed = schema.safeParse(cursor)
  if (!parsed.success) throw new AppError('request.invalid', `The cursor is not one of ours: ${from}`)
  return parsed.data
}
