import { z } from 'zod'

/** A table, a list of markers after CMX 3600, and Final Cut's own. */
export const NotesFormat = z.enum(['csv', 'edl', 'fcpxml'])
export type NotesFormat = z.infer<typeof NotesFormat>

/**
 * `HH:MM:SS:FF`, as the first frame of a timeline is called. A `;` before the frames means drop-frame counting, which
 * 29.97 and 59.94 frames a second alone have.
 */
export const TimelineStart = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d[:;]\d{2}$/, 'HH:MM:SS:FF is wanted')
