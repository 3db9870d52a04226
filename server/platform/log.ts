import { pino } from 'pino'

export type Log = Pick<import('pino').Logger, 'error' | 'warn' | 'info' | 'debug'> & {
  child(bindings: Record<string, unknown>): Log
}

/** error: someone lost something. warn: we recovered. info: one line a life-cycle step. debug: the rest. */
export function createLog(options: { level: string; pretty: boolean }): Log {
  return pino({
    level: options.level,
    base: null,
    ...(options.pretty
      ? { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname', translateTime: 'HH:MM:ss' } } }
      : {}),
  })
}
