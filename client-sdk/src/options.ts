/** How to reach a server. */
export interface RushesOptions {
  /** Where it is, such as `http://127.0.0.1:4000`; a path is kept. */
  url: string | URL
  /**
   * API key or room token; none is needed by a server that is bound to loopback without a key. A function gives it anew for
   * each request and each connection (uploads and reconnects too), and once more when it was refused (401): for tokens
   * that expire. One that fails is as if nobody had answered (`network`), unless it throws a `RushesError` itself.
   */
  token?: string | (() => string | Promise<string>) | undefined
  /** Shown beside what is said in rooms, unless `rooms.join` says otherwise. */
  name?: string | undefined
  /**
   * A secret of 16 to 200 characters by which this client is the same person again, in rooms and as the author of
   * messages. Not given: a browser keeps one for all its tabs; elsewhere each client makes one for each name that it joins
   * under, for as long as it lives.
   */
  person?: string | undefined
  /** Instead of the global one; uploads use it too. */
  fetch?: typeof globalThis.fetch | undefined
}

/** What every method takes. */
export interface CallOptions {
  /** Ends the call; it then throws the signal's reason. */
  signal?: AbortSignal | undefined
}
