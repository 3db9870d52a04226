import { z } from 'zod'

/** A stretch of film between two cuts. The scenes of a film follow each other without gaps; `index` counts from 0. */
export const Scene = z.object({
  index: z.number().int(),
  startSeconds: z.number(),
  endSeconds: z.number(),
  /** How much the picture changes where it begins: 0 to 1; 1 where it comes out of black, 0 for the first. */
  score: z.number().min(0).max(1),
})
export type Scene = z.infer<typeof Scene>
