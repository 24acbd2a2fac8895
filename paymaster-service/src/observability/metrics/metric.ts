import { metricsNamed } from '@fabstir/service'

/** How the names of all metrics of this service begin. */
export const metricPrefix = 'fabstir_paymaster_'

/** What every metric needs. */
export const metric = metricsNamed(metricPrefix)
