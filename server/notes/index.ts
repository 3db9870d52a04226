/** What was noted along a film, as files for editors: comments now, and whatever else becomes a note. */
import { type NotesOptions, noteRoutes } from './routes.ts'

export { type NoteSource, talkNotes } from './from-talk.ts'
export { noteMetrics } from './metrics.ts'
export type { Note } from './note.ts'
export type { NotesOptions } from './routes.ts'

export const createNotes = (options: NotesOptions) => ({ routes: noteRoutes(options) })
