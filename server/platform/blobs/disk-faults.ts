import { diskFull } from '../errors.ts'

const codeOf = (fault: unknown) => (fault as NodeJS.ErrnoException | null)?.code

export const isMissing = (fault: unknown) => codeOf(fault) === 'ENOENT' || codeOf(fault) === 'ENOTDIR'

/** What the file system said, as one of ours where somebody can act on it. */
export function storageFault(fault: unknown): Error {
  const code = codeOf(fault)
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return diskFull(fault)
  }
  return fault instanceof Error ? fault : new Error(String(fault))
}
