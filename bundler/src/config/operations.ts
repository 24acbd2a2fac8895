import { z } from 'zod'
import { option } from './option.ts'
import { integer } from './values.ts'

/** Options of running the service: health, metrics, traces, shutdown. */
export const operationsOptions = {
  maxHeadAge: option(
    integer(0, 86_400).default(0),
    'Seconds that the newest block may be old before /ready says that the node lags; 0 for chains that only make blocks on demand',
    'S',
  ),
  metricsPort: option(
    integer(0, 65_535).optional(),
    'Port of GET /metrics for Prometheus, on the same host; 0 takes a free one; without it nothing is measured',
    'PORT',
  ),
  otlpEndpoint: option(
    z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
    'OpenTelemetry collector that gets traces (OTLP over HTTP), such as http://127.0.0.1:4318',
    'URL',
  ),
  shutdownTimeout: option(
    integer(0, 600_000).default(15_000),
    'Milliseconds that requests and bundles under way may take after SIGTERM or SIGINT',
    'MS',
  ),
}
