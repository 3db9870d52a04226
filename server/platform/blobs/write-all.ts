import type { FileHandle } from 'node:fs/promises'

/** Writes all of it, from `position` on or where the file stands. A disk may take less than it was given. */
export async function writeAll(file: FileHandle, buffers: Uint8Array[], position?: number): Promise<void> {
  let left = buffers.filter(buffer => buffer.length > 0)
  let place = position
  while (left.length > 0) {
    const { bytesWritten } = await file.writev(left, place)
    left = withoutFirst(left, bytesWritten)
    if (place !== undefined) place += bytesWritten
  }
}

function withoutFirst(buffers: Uint8Array[], bytes: number): Uint8Array[] {
  let skip = bytes
  return buffers.flatMap(buffer => {
    const rest = buffer.subarray(Math.min(skip, buffer.length))
    skip -= buffer.length - rest.length
    return rest.length > 0 ? [rest] : []
  })
}
