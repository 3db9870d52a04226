import type { Log } from '../log.ts'

/** One line of log for each tenth of a file. */
export function createDownloadReport(model: string, log: Log): (file: string, percent: number) => void {
  const told = new Map<string, number>()
  return (file, percent) => {
    const tenth = Math.floor(percent / 10)
    if (tenth <= (told.get(file) ?? -1)) return
    told.set(file, tenth)
    log.info({ model, file, percent: tenth * 10 }, 'downloading a model')
  }
}
