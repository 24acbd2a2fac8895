/** Does something around a piece of work, and returns or throws what the work does. */
export type Around<Call> = <T>(call: Call, work: () => Promise<T>) => Promise<T>

/** The first one is the outermost. */
export function chain<Call>(...arounds: readonly Around<Call>[]): Around<Call> {
  return arounds.reduceRight<Around<Call>>(
    (inner, outer) => (call, work) => outer(call, () => inner(call, work)),
    (_, work) => work(),
  )
}
