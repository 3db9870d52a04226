/** Writes large files in a thread of its own, and counts their checksums there. */
export { createFileWriter, type FileWriter, type WriterSink, type Written } from './create-file-writer.ts'
