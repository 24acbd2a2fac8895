import type { Registry } from 'prom-client'
import { Counter } from 'prom-client'
import type { Ledger } from '../../ledger/ledger.ts'
import { metric } from './metric.ts'

/** Counts what the ledger learns from the chain, in this instance. */
export function ledgerMetrics(registry: Registry): (ledger: Ledger) => Ledger {
  const counter = (name: string, help: string) => new Counter(metric(registry, name, help))
  const settled = counter('settled_operations_total', 'Operations that a paymaster was charged for')
  const released = counter(
    'released_operations_total',
    'Reservations that ended without a charge: another operation took the nonce, or time passed',
  )
  const unknown = counter(
    'unknown_charges_total',
    'Charges for operations that are not in the ledger: a stolen key, or a lost ledger',
  )
  const unknownWei = counter(
    'unknown_charges_wei_total',
    'Wei of charges that are not in the ledger',
  )
  const rewinds = counter('reorganisations_total', 'Reorganisations that undid settlements')

  return (ledger) => ({
    ...ledger,
    async advance(changes) {
      const result = await ledger.advance(changes)
      if (!result) return result
      settled.inc(result.settled)
      released.inc(result.released)
      unknown.inc(result.unknown.length)
      for (const { cost } of result.unknown) unknownWei.inc(Number(cost))
      return result
    },
    async rewind(chainId, from, to) {
      const done = await ledger.rewind(chainId, from, to)
      if (done) rewinds.inc()
      return done
    },
  })
}
