export type SpanAttributes = Readonly<
  Record<string, string | number | boolean | string[] | undefined>
>

export type SpanCall = {
  name: string
  attributes?: SpanAttributes
  /** Begins a trace of its own, whatever set it off. */
  root?: boolean
  /** No span unless another one is running: by itself it would only be noise. */
  onlyBelow?: boolean
}

/** Spans of OpenTelemetry. Nested by the asynchronous context in which they run. */
export type Spans = {
  run<T>(call: SpanCall, work: () => Promise<T>): Promise<T>
  /** Adds to the span that is running here, if any. */
  annotate(attributes: SpanAttributes): void
  /** Sends what is left. */
  close(): Promise<void>
}
