/** The HTTP door: the contract's routes on Koa. */
export type { HttpAnswer, HttpHandlers, HttpInput } from './handlers.ts'
export { createKoa } from './koa.ts'
export { listen } from './listen.ts'
export { type MountOptions, mountRoutes } from './mount.ts'
export { openApiDocument } from './openapi.ts'
export { servePage } from './page.ts'
export { openRawDoor } from './raw-door.ts'
export { type ServedBlob, serveBlob } from './serve-blob.ts'
