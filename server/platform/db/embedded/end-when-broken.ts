import type { postgresMod } from '@electric-sql/pglite'

/** PostgreSQL's way back to its loop after an error of a statement: PGlite knows it by this number. */
const backToTheLoop = 100

/**
 * PGlite goes on after whatever is thrown in its loop, also after a panic ("Aborted()"), when memory can no longer be
 * trusted: PostgreSQL panics, for instance, when its log can't be synced, so that nothing is acknowledged any more.
 * `end` is called before anything else happens.
 */
export function endWhenBroken(module: postgresMod.PostgresMod, end: (fault: unknown) => never): void {
  for (const name of ['_PostgresMainLoopOnce', '_PostgresMainLongJmp'] as const) {
    const run = module[name]
    module[name] = () => {
      try {
        run()
      } catch (fault) {
        if ((fault as { status?: number }).status !== backToTheLoop) end(fault)
        throw fault
      }
    }
  }
}

/** Remembers why PostgreSQL gave up: it says so on its standard error. */
export function createComplaints() {
  let last: string | undefined
  return {
    /** Answers PGlite whether the line is to be printed, too. */
    hear(line: string): boolean {
      const [, complaint] = /(?:FATAL|PANIC): +(.*)/.exec(line) ?? []
      if (complaint !== undefined) last = complaint
      return false
    },
    last: () => last,
  }
}
