#!/usr/bin/env node
import { createPublicClient, http } from 'viem'
import { chainPreset, chainPresets, deploymentPath, readDeploymentFile } from '../deploy/index.ts'
import { integerOption, readOptions, required, urlOption } from './cli/options.ts'
import { CommandLineError, runCommand } from './cli/runCommand.ts'
import { notify } from './monitor/notify.ts'
import { startMonitor } from './monitor/startMonitor.ts'

const helpText = `Follows a deployment and serves its metrics, alerts and a page for people on 127.0.0.1.

Usage: pnpm contracts:monitor --rpc-url URL --chain CHAIN [options]

  --rpc-url URL         JSON-RPC of a node of the chain
  --chain CHAIN         local, base-sepolia or base: reads deployments/<chainId>.json
  --deployment FILE     instead of --chain
  --port N              of the server, 0 takes a free one               (default 9464)
  --interval N          seconds between two looks at the chain          (default 5)
  --confirmations N     blocks after which an event counts    (default by chain: 0, 20, 60)
  --webhook URL         POST new alerts there as JSON {alerts: [{id, severity, text}]}
  --help                this text

  /          page        /metrics   Prometheus text        /alerts   JSON        /health   200 or 503

Alerts: failures > successes / 10, an incident less than an hour ago, more than 10 suspicious activities, a breaker
above level 0, and every open dispute or challenge. New ones are printed, one JSON object a line.
`

await runCommand('contracts:monitor', async (args) => {
  const options = readOptions(args, {
    'rpc-url': { type: 'string' },
    chain: { type: 'string' },
    deployment: { type: 'string' },
    port: { type: 'string', default: '9464' },
    interval: { type: 'string', default: '5' },
    confirmations: { type: 'string' },
    webhook: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  })
  if (options.help) {
    process.stdout.write(helpText)
    return 0
  }
  const path =
    options.deployment ?? deploymentPath(chainPreset(required('chain', options.chain)).chainId)
  const deployment = await readDeploymentFile(path)
  if (!deployment) throw new CommandLineError(`there is no file ${path}`)
  const { chainId } = deployment.addressBook
  const preset = chainPresets.find((one) => one.chainId === chainId)
  const webhook = options.webhook === undefined ? undefined : urlOption('webhook', options.webhook)

  const monitor = await startMonitor({
    publicClient: createPublicClient({
      transport: http(urlOption('rpc-url', options['rpc-url'])),
    }),
    deployment,
    confirmations: integerOption(
      'confirmations',
      options.confirmations ?? `${preset?.confirmations ?? 0}`,
      { minimum: 0, maximum: 10_000 },
    ),
    port: integerOption('port', options.port, { minimum: 0, maximum: 65_535 }),
    intervalMs: integerOption('interval', options.interval, { minimum: 1, maximum: 3_600 }) * 1_000,
    async onAlerts(alerts) {
      for (const alert of alerts) console.log(JSON.stringify(alert))
      if (webhook && !(await notify(webhook, alerts))) {
        console.error(`contracts:monitor: ${webhook} did not take ${alerts.length} alerts`)
      }
    },
  })
  console.error(`chain ${chainId} at ${monitor.url}`)
  const stopping = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stopping.resolve())
  await stopping.promise
  await monitor.close()
  return 0
})
