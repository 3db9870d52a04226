/** A promise and its two ends. Not `Promise.withResolvers`: Node 20 has none. */
export interface Deferred<T> {
  promise: Promise<T>
  resolve(value: T): void
  reject(fault: unknown): void
}

export function createDeferred<T>(): Deferred<T> {
  let resolve: Deferred<T>['resolve'] = () => {}
  let reject: Deferred<T>['reject'] = () => {}
  const promise = new Promise<T>((fulfil, refuse) => {
    resolve = fulfil
    reject = refuse
  })
  return { promise, resolve, reject }
}
