/** Derived files as rows: what was made of whatever has a stream, by its name; kept with its fact, counted, and gone with what it was made of. */
export { measureRenditions } from './measure.ts'
export { forgetRenditions, keepRendition, type Rendition, type Renditions, renditionsOf } from './queries.ts'
export { createRenditionTotal } from './total.ts'
