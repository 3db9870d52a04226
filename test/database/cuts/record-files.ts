// Preloaded (`node --import`) into every thread of a process: writes down, in order, what is done to the files below
// RUSHES_RECORD_UNDER, what is answered on sockets, and what the process itself notes, into the file RUSHES_RECORD.
import fs from 'node:fs'
import { Socket } from 'node:net'
import { isMainThread } from 'node:worker_threads'

/** One thing that happened. `data` is what was written. */
export type Happening =
  | { op: 'open'; fd: number; path: string; made: boolean; emptied: boolean }
  | { op: 'close' | 'sync'; fd: number }
  | { op: 'write'; fd: number; position: number; data?: Buffer }
  | { op: 'resize'; fd: number; size: number }
  | { op: 'rename'; path: string; to: string }
  | { op: 'makeFolder' | 'remove' | 'removeAll'; path: string }
  | { op: 'answer' }
  | { op: 'note'; note: unknown }

const { RUSHES_RECORD: record = '', RUSHES_RECORD_UNDER: under = '' } = process.env
const originals = { ...fs }
const output = originals.openSync(record, 'a')
/** What is open here, and how far it was written: a write without a position goes on there. */
const opened = new Map<number, { position: number }>()
let depth = 0

/** In one write, so that what threads write down doesn't mix. */
function writeDown({ data = Buffer.alloc(0), ...happening }: Happening & { data?: Buffer }): void {
  const text = Buffer.from(JSON.stringify(happening))
  const lengths = Buffer.alloc(8)
  lengths.writeUInt32LE(text.length, 0)
  lengths.writeUInt32LE(data.length, 4)
  originals.writeSync(output, Buffer.concat([lengths, text, data]))
}

/** Something that only the process knows: that a fact was acknowledged, for instance. */
export const note = (what: unknown): void => writeDown({ op: 'note', note: what })

const isWatched = (path: unknown): path is string => typeof path === 'string' && path.startsWith(under)

// biome-ignore lint/suspicious/noExplicitAny: any function of node:fs is stood in for
type Call = (...given: any[]) => any

/** Does what it did, then writes it down; what it does by way of others isn't written down twice. */
function replace(name: keyof typeof fs, around: (call: Call, given: Parameters<Call>) => unknown): void {
  const original = originals[name] as Call
  const replacement: Call = (...given) => {
    if (depth > 0) return original(...given)
    depth++
    try {
      return around(original, given)
    } finally {
      depth--
    }
  }
  Object.assign(fs, { [name]: replacement })
}

function watchPaths(): void {
  replace('openSync', (call, [path, flags = 'r', mode]) => {
    if (!isWatched(path)) return call(path, flags, mode)
    const wasThere = originals.existsSync(path)
    const fd: number = call(path, flags, mode)
    const emptied = typeof flags === 'number' ? (flags & fs.constants.O_TRUNC) !== 0 : flags.startsWith('w')
    opened.set(fd, { position: 0 })
    writeDown({ op: 'open', fd, path, made: !wasThere, emptied })
    return fd
  })
  replace('writeFileSync', (call, [path, data, options]) => {
    if (!isWatched(path)) return call(path, data, options)
    const made = !originals.existsSync(path)
    call(path, data, options)
    // No other file is open under this number.
    writeDown({ op: 'open', fd: -1, path, made, emptied: true })
    writeDown({ op: 'write', fd: -1, position: 0, data: Buffer.from(data) })
    writeDown({ op: 'close', fd: -1 })
  })
  replace('truncateSync', (call, [path, size = 0]) => {
    call(path, size)
    if (!isWatched(path)) return
    writeDown({ op: 'open', fd: -1, path, made: false, emptied: false })
    writeDown({ op: 'resize', fd: -1, size })
    writeDown({ op: 'close', fd: -1 })
  })
  replace('renameSync', (call, [path, to]) => {
    call(path, to)
    if (isWatched(path)) writeDown({ op: 'rename', path, to })
  })
  const simple = { mkdirSync: 'makeFolder', unlinkSync: 'remove', rmdirSync: 'remove', rmSync: 'removeAll' } as const
  for (const [name, op] of Object.entries(simple))
    replace(name as keyof typeof simple, (call, [path, ...rest]) => {
      const result = call(path, ...rest)
      if (isWatched(path)) writeDown({ op, path })
      return result
    })
}

function watchDescriptors(): void {
  replace('closeSync', (call, [fd]) => {
    call(fd)
    if (opened.delete(fd)) writeDown({ op: 'close', fd })
  })
  replace('fsyncSync', (call, [fd]) => {
    call(fd)
    if (opened.has(fd)) writeDown({ op: 'sync', fd })
  })
  replace('ftruncateSync', (call, [fd, size = 0]) => {
    call(fd, size)
    if (opened.has(fd)) writeDown({ op: 'resize', fd, size })
  })
  replace('writeSync', (call, [fd, bytes, offset = 0, length = bytes.length - offset, position]) => {
    const written: number = call(fd, bytes, offset, length, position)
    const file = opened.get(fd)
    if (!file) return written
    const at = position ?? file.position
    file.position = at + written
    writeDown({ op: 'write', fd, position: at, data: Buffer.from(bytes.slice(offset, offset + written)) })
    return written
  })
}

/** What is opened by promises is opened to be synced. */
function watchPromises(): void {
  const open = fs.promises.open
  fs.promises.open = async (path, ...rest) => {
    const file = await open(path, ...rest)
    if (!isWatched(path)) return file
    const sync = file.sync.bind(file)
    file.sync = async () => {
      await sync()
      writeDown({ op: 'open', fd: -2, path, made: false, emptied: false })
      writeDown({ op: 'sync', fd: -2 })
    }
    return file
  }
}

watchPaths()
watchDescriptors()
watchPromises()
if (!isMainThread) {
  const write = Socket.prototype.write
  Socket.prototype.write = function (this: Socket, ...given: Parameters<Call>) {
    writeDown({ op: 'answer' })
    return (write as Call).apply(this, given)
  }
}
