/** Writes large files in a thread of its own, and counts their checksums there. */
export { createFileWriter, type FileWriter } from './create-file-writer.ts'
export type { WriterSink, Written } from './writer-sink.ts'
