/** One thing that the demo did. */
export interface Step {
  step: string
  ok: boolean
  seconds: number
  [about: string]: unknown
}

/** Says what is done and how long it took: for people, or as JSON lines for programs. */
export interface Report {
  /** Runs one step. What it throws is said, and thrown on. */
  run<T>(step: string, work: () => Promise<T>, about: (result: T) => Told): Promise<T>
  /** Where people's output goes: nowhere when programs read. */
  text(text: string): void
}
export interface Told {
  /** For people. */
  line: string
  /** For programs. */
  about?: Record<string, unknown>
}

export function createReport({ json, out }: { json: boolean; out: NodeJS.WriteStream }): Report {
  const text = (said: string) => void (json || out.write(said))
  const record = (step: Step) => void (json && out.write(`${JSON.stringify(step)}\n`))
  return {
    text,
    async run(step, work, about) {
      const startedAt = performance.now()
      const seconds = () => Math.round((performance.now() - startedAt) / 10) / 100
      try {
        const result = await work()
        const told = about(result)
        text(`✓ ${told.line} · ${seconds().toFixed(1)} s\n`)
        record({ step, ok: true, seconds: seconds(), ...told.about })
        return result
      } catch (fault) {
        record({ step, ok: false, seconds: seconds(), error: fault instanceof Error ? fault.message : String(fault) })
        throw fault
      }
    },
  }
}
