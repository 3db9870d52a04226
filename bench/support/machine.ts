import { availableParallelism, loadavg } from 'node:os'

/** What else the machine does: beside a figure it says how much to make of it. */
export const machineLoad = (): number => loadavg()[0] ?? Number.NaN

export const machineInWords = (): string => `load ${machineLoad().toFixed(1)} on ${availableParallelism()} processors`
