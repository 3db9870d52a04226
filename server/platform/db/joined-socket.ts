import { Socket } from 'node:net'

/** pg writes each statement as four small buffers: as one they cost half as much. */
export class JoinedSocket extends Socket {
  override _writev(chunks: { chunk: Buffer }[], done: (fault?: Error | null) => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'buffer' as BufferEncoding, done)
  }
}
