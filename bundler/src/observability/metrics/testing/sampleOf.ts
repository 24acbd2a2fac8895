import type { Registry } from 'prom-client'
import { metricPrefix } from '../metric.ts'

/** The value of one sample, `undefined` when there is none (yet). `name` comes without the prefix. */
export async function sampleOf(
  registry: Registry,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  const names = Object.entries(labels).map(([key, value]) => `${key}="${value}"`)
  const start = `${metricPrefix}${name}${names.length > 0 ? `{${names.join(',')}}` : ''} `
  const line = (await registry.metrics()).split('\n').find((each) => each.startsWith(start))
  return line === undefined ? undefined : Number(line.slice(start.length))
}
