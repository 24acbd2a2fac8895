/** What a load process is told to do. */
export type LoadOrder = {
  url: string
  headers: Record<string, string>
  /** One POST each. */
  bodies: readonly string[]
  /** Requests in flight at any moment. */
  concurrency: number
}

export type LoadResult = {
  /** From the first request to the last answer. */
  seconds: number
  /** One for each request, in the order of the bodies. */
  latenciesMs: Float64Array
  /** JSON-RPC results, in the order of the bodies; `undefined` where there is an error in place of it. */
  results: readonly unknown[]
  /** Errors with the number of requests that had them. */
  errors: ReadonlyMap<string, number>
  /** CPU time of the load process itself meanwhile. */
  cpuSeconds: number
}

export type LoadMessage =
  | { kind: 'progress'; answered: number }
  | { kind: 'done'; result: LoadResult }
