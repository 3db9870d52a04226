import { availableParallelism, loadavg } from 'node:os'

/** What else the machine does: beside a figure it says how much to make of it. */
export const machineLoad = (): string =>
  `load ${(loadavg()[0] ?? Number.NaN).toFixed(1)} on ${availableParallelism()} processors`
