/** What is derived from a film: the copy that browsers play, pictures of it, and its sound for the recogniser and the eye. */
export { filmAddress, filmRoute } from './film-address.ts'
export type { Alongside, HlsOptions, RenditionOptions } from './options.ts'
export { createRenditions } from './renditions.ts'
