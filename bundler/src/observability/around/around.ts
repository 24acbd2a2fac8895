/** Does something around a piece of work, and returns or throws what the work does. */
export type Around<Call> = <T>(call: Call, work: () => Promise<T>) => Promise<T>
