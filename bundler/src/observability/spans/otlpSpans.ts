import { AsyncLocalStorage } from 'node:async_hooks'
import type { Attributes, Context, Span } from '@opentelemetry/api'
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { SpanAttributes, Spans } from './spans.ts'

/** Milliseconds that the collector may take to answer. */
const EXPORT_TIMEOUT_MS = 5_000
/** Milliseconds in which the last spans must have arrived when the bundler ends. */
const CLOSE_TIMEOUT_MS = 1_000
/** Milliseconds that spans may wait for others. */
const EXPORT_DELAY_MS = 1_000

export type OtlpSpansOptions = {
  /** Base URL of the collector, such as `http://127.0.0.1:4318`; spans go to `/v1/traces` below it. */
  endpoint: string
}

/**
 * Spans that go to an OpenTelemetry collector, by OTLP over HTTP. Nothing global is registered, so
 * several bundlers in one process keep apart. Imported only where the option asks for it.
 */
export function createOtlpSpans({ endpoint }: OtlpSpansOptions): Spans {
  const exporter = new OTLPTraceExporter({
    url: tracesUrl(endpoint),
    timeoutMillis: EXPORT_TIMEOUT_MS,
  })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'fabstir-bundler' }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        scheduledDelayMillis: EXPORT_DELAY_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  })
  const tracer = provider.getTracer('fabstir-bundler')
  const active = new AsyncLocalStorage<Context>()

  return {
    async run({ name, attributes: own, root = false, onlyBelow = false }, work) {
      if (onlyBelow && !active.getStore()) return work()
      const parent = (!root && active.getStore()) || ROOT_CONTEXT
      const options = { kind: SpanKind.INTERNAL, attributes: present(own) }
      const span = tracer.startSpan(name, options, parent)
      try {
        return await active.run(trace.setSpan(parent, span), work)
      } catch (error) {
        fail(span, error)
        throw error
      } finally {
        span.end()
      }
    },
    annotate(more) {
      const context = active.getStore()
      if (context) trace.getSpan(context)?.setAttributes(present(more))
    },
    async close() {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)
      })
      // A collector that is away must not keep the bundler from ending.
      await Promise.race([provider.shutdown().catch(() => undefined), late])
      clearTimeout(timer)
    },
  }
}

/** The collector's path for traces, unless the URL names it already. */
export function tracesUrl(endpoint: string): string {
  const url = new URL(endpoint)
  if (!url.pathname.endsWith('/v1/traces')) {
    url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`
  }
  return url.href
}

function fail(span: Span, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  span.setStatus({ code: SpanStatusCode.ERROR, message })
  if (typeof error === 'object' && error !== null && 'code' in error) {
    span.setAttribute('error.code', String(error.code))
  }
}

function present(attributes: SpanAttributes = {}): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value]],
    ),
  )
}
