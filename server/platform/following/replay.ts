/** Events that one answer holds at most; the client asks for the rest. */
export const replayLimit = 1000

/** Who missed more than this gets things as they are now, instead of how they came to be so. */
const mostReplayed = 20_000

/** Also of a place that lies ahead: the log is another one than it was, such as a restored backup. */
export const isFar = (since: number, seq: number): boolean => seq - since > mostReplayed || since > seq
