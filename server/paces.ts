import type { Config } from './config.ts'

/** How often one may ask by sockets. */
export const pacesOf = (config: Config) => ({
  talk: { perSecond: config.MESSAGES_PER_SECOND, burst: config.MESSAGES_BURST },
  signal: { perSecond: config.SIGNALS_PER_SECOND, burst: config.SIGNALS_BURST },
  reading: { perSecond: config.REQUESTS_PER_SECOND, burst: config.REQUESTS_BURST },
})
