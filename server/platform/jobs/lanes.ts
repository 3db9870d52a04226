/** What work costs: `quick` is soon done, `media` goes through all of a large file, `network` waits for others. */
export type LaneName = 'quick' | 'media' | 'network'

interface Lane {
  /** The name of its queue. */
  queue: string
  /** One entry for each worker of a process: the least urgency that it takes, so that something is kept free. */
  workers: readonly (0 | 1 | 2)[]
  /** In one process no two jobs of a kind run side by side: each takes much memory. */
  oneOfAKind: boolean
}

/** What runs side by side is bounded by what it costs, so that a short piece of work never stands behind a long one. */
export const lanes: Readonly<Record<LaneName, Lane>> = {
  quick: { queue: 'lane.quick', workers: [0, 0, 1, 2], oneOfAKind: false },
  media: { queue: 'lane.media', workers: [0, 0, 1, 1, 2], oneOfAKind: true },
  network: { queue: 'lane.network', workers: [0, 0, 1, 2], oneOfAKind: false },
}
export const laneNames = Object.keys(lanes) as LaneName[]
