import { z } from 'zod'

/** What a caller may do. Each route and each socket request wants one of these; who has it is decided when they come. */
export const Scope = z.enum([
  /** The film, its pictures, its captions: what players load. */
  'play',
  /** What is known of a video and said in its room: to read, to search, to be seen there, to follow. */
  'read',
  /** To write, react and ask, and to take back what one wrote. */
  'talk',
  /** To lead when people watch together. */
  'lead',
  /** To change the title, the transcript, the moments. */
  'edit',
  /** To have clips made. */
  'clip',
  /** To delete what others said. */
  'moderate',
  /** All videos together: their list, what is said in them, what comes and goes. */
  'library',
  'upload',
  /** To delete videos. */
  'delete',
  /** To keep what would be cleaned away. */
  'pin',
  'jobs',
  'keys',
  /** To make room tokens. */
  'tokens',
  'webhooks',
  /** How the server does: its metrics, its costs. */
  'operations',
])
export type Scope = z.infer<typeof Scope>

/** What is wanted of whoever asks: a scope, or nothing at all. */
export type WantedScope = Scope | 'anyone'

export const allScopes: ReadonlySet<Scope> = new Set(Scope.options)

/**
 * How a caller came in. `key`: by an API key, or by what one signed. `room`: by a token for one room. `local`: without
 * either, where none is wanted.
 */
export type CallerKind = 'local' | 'key' | 'room'

/** Whoever has a token is called as it says, whatever they say themselves. */
export const isNamedByToken = (kind: CallerKind): boolean => kind === 'room'

/** What someone is in one room. */
export const Role = z.enum(['viewer', 'commenter', 'editor'])
export type Role = z.infer<typeof Role>

const viewer = ['play', 'read'] as const
const commenter = [...viewer, 'talk'] as const
const editor = [...commenter, 'lead', 'edit', 'clip', 'moderate'] as const

/** What each role may do, in its room. */
export const roleScopes: Record<Role, ReadonlySet<Scope>> = {
  viewer: new Set(viewer),
  commenter: new Set(commenter),
  editor: new Set(editor),
}
