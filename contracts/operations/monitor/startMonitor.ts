import type { PublicClient } from 'viem'
import type { DeploymentFile } from '../../addressBook.ts'
import { type Alert, alertsOf } from './alerts.ts'
import { createFollower } from './follower.ts'
import { metricsOf } from './metrics.ts'
import { readBreaker, readMinimumStake, readTokens } from './readContracts.ts'
import { type Report, startServer } from './server.ts'

export type MonitorParameters = {
  publicClient: Pick<PublicClient, 'getBlock' | 'getBlockNumber' | 'getLogs' | 'readContract'>
  deployment: DeploymentFile
  confirmations: number
  /** Of the HTTP server on loopback; 0 takes a free one. */
  port: number
  /** Milliseconds between two looks at the chain. */
  intervalMs: number
  /** Called with alerts that were not there the last time. */
  onAlerts?: (alerts: readonly Alert[]) => void | Promise<void>
}

export type Monitor = {
  url: string
  report(): Report
  /** Looks at the chain now. */
  refresh(): Promise<void>
  close(): Promise<void>
}

/** Follows the chain and serves what it sees. A node that does not answer makes it unhealthy, not dead. */
export async function startMonitor({
  publicClient,
  deployment,
  confirmations,
  port,
  intervalMs,
  onAlerts,
}: MonitorParameters): Promise<Monitor> {
  const { addressBook, contracts } = deployment
  const blocks = contracts.map(({ block }) => Number(block))
  const follower = createFollower({
    publicClient,
    addresses: contracts.map(({ address }) => address),
    startBlock: BigInt(Math.min(...blocks)),
    confirmations,
  })
  const tokens = await readTokens(publicClient, addressBook)

  let raised = new Set<string>()
  let report: Report = {
    chainId: addressBook.chainId,
    metrics: [],
    alerts: [],
    healthy: false,
    block: `${follower.block}`,
  }

  const look = async () => {
    await follower.advance()
    const { state, block } = follower
    const now = Number((await publicClient.getBlock()).timestamp)
    const breaker = await readBreaker(publicClient, addressBook)
    const alerts = alertsOf(
      { ...breaker, breakerLevel: breaker.level, incidents: state.incidents },
      now,
    )
    const metrics = metricsOf({
      ...state,
      breaker,
      minimumStake: await readMinimumStake(publicClient, addressBook),
      tokens,
      openIncidents: state.incidents.length,
      block,
      now,
    })
    report = { chainId: addressBook.chainId, metrics, alerts, healthy: true, block: `${block}` }
    const fresh = alerts.filter(({ id }) => !raised.has(id))
    raised = new Set(alerts.map(({ id }) => id))
    if (fresh.length > 0) await onAlerts?.(fresh)
  }

  // One look at a time: a slow node must not make them overtake each other.
  let running: Promise<void> = Promise.resolve()
  const refresh = () => {
    running = running.then(look).catch((error: unknown) => {
      report = {
        ...report,
        healthy: false,
        error: error instanceof Error ? error.message : String(error),
      }
    })
    return running
  }

  await refresh()
  const server = await startServer(port, () => report)
  const timer = setInterval(refresh, intervalMs)
  return {
    url: server.url,
    report: () => report,
    refresh,
    async close() {
      clearInterval(timer)
      await server.close()
      await running
    },
  }
}
