import { Writable } from 'node:stream'

/** Gathers printed text up to a limit. It never closes by itself: fluent-ffmpeg takes a closed output for a fault. */
export function createTextSink(maxBytes: number, onTooMuch: () => void) {
  const pieces: Buffer[] = []
  let sizeBytes = 0
  const stream = new Writable({
    autoDestroy: false,
    emitClose: false,
    write(piece: Buffer, _encoding, done) {
      sizeBytes += piece.length
      if (sizeBytes > maxBytes) onTooMuch()
      else pieces.push(piece)
      done()
    },
  })
  const finished = new Promise<void>(resolve => stream.once('finish', resolve))
  return { stream, finished, text: () => Buffer.concat(pieces).toString('utf8') }
}
