/** What is derived from a film: the copy that browsers play, a picture of it, and its sound for the recogniser. */
export type { RenditionOptions } from './options.ts'
export { createRenditions } from './renditions.ts'
