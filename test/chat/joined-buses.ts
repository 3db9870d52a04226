import type { Bus } from '../../server/platform/hub/index.ts'

/** Buses of servers that hear each other at once. `cut` is what Redis does when it goes away: nothing arrives. */
export function joinBuses(count: number) {
  const listeners = new Set<{ serverId: string; kind: string; hear: (payload: object, from: string) => void }>()
  const said: { kind: string; from: string }[] = []
  let isCut = false
  const buses = Array.from({ length: count }, (_, n): Bus => {
    const serverId = `server ${n}`
    return {
      serverId,
      isShared: true,
      publish(kind, payload) {
        said.push({ kind, from: serverId })
        if (isCut) return
        for (const each of listeners)
          if (each.kind === kind && each.serverId !== serverId) each.hear(JSON.parse(JSON.stringify(payload)), serverId)
      },
      on(kind, schema, listener) {
        const hear = (payload: object, from: string) => listener(schema.parse(payload), from)
        const entry = { serverId, kind, hear }
        listeners.add(entry)
        return () => void listeners.delete(entry)
      },
    }
  })
  return {
    buses: buses as [Bus, Bus, ...Bus[]],
    said,
    cut() {
      isCut = true
    },
  }
}
