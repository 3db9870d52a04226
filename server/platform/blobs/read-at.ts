import { read } from 'node:fs'

/** Reads into `buffer` what there is at `position`, one byte at least. Returns how many. */
export function readAt(fd: number, buffer: Buffer, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, buffer, 0, buffer.length, position, (fault, bytes) => {
      if (fault) reject(fault)
      else if (bytes === 0) reject(new Error('The file is shorter than it was when it was opened.'))
      else resolve(bytes)
    })
  })
}
