#!/usr/bin/env node
import { sponsorsOf } from '@fabstir/contracts/addressBook'
import { formatEther } from 'viem'
import { adminKey, apiKeys, budgets, budgetWindows } from './apps.ts'
import { runDemo } from './demo/runDemo.ts'
import { devnetAccounts, privateKeyOf } from './keys.ts'
import { CommandLineError, helpText, readCommandLine } from './options.ts'
import { type DemoReport, isOk, toJson } from './report/demoReport.ts'
import { renderReport } from './report/renderReport.ts'
import { type Devnet, startDevnet } from './startDevnet.ts'

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`fabstir devnet: ${error instanceof Error ? error.message : String(error)}`)
  return error instanceof CommandLineError ? 2 : 1
})

async function main(args: readonly string[]): Promise<number> {
  const options = readCommandLine(args)
  if (options.help) {
    process.stdout.write(helpText)
    return 0
  }
  // With --json, standard output holds the JSON object and nothing else.
  const say = options.json ? console.error : console.log

  const stopping = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => stopping.resolve())
  }

  const started = performance.now()
  const devnet = await startDevnet({ ...options, onProgress: say })
  try {
    say(
      `\nup in ${seconds(started)} s; running one gasless session, and an app into the end of its budget\n`,
    )
    const demoStarted = performance.now()
    const demo = runDemo(devnet, ({ ok, name, latencyMs, note }) =>
      say(`${ok ? '✓' : '✗'} ${name}  ${latencyMs} ms  ${note}`),
    )
    const report = await Promise.race([demo, stopping.promise])
    if (!report) return 130
    show(report, devnet, options.json)
    say(`session took ${seconds(demoStarted)} s`)
    if (options.once) return isOk(report) ? 0 : 1

    say(servingText(devnet))
    await Promise.race([stopping.promise, serviceEnded(devnet)])
    return 0
  } finally {
    await devnet.close()
  }
}

function show(report: DemoReport, devnet: Devnet, json: boolean): void {
  if (json) {
    console.log(JSON.stringify(toJson(report), null, 2))
  } else {
    console.log(`\n${renderReport(report, payerNames(devnet))}\n`)
  }
  if (report.cause) console.error(report.cause)
}

function payerNames({ contracts }: Devnet): (address: string) => string {
  const names = new Map(
    sponsorsOf(contracts).map(({ sponsorPaymaster, entryPointVersion }) => [
      sponsorPaymaster.toLowerCase(),
      `sponsor (${entryPointVersion})`,
    ]),
  )
  return (address) => names.get(address.toLowerCase()) ?? 'the account'
}

/** A service that ends by itself takes the devnet with it. */
async function serviceEnded({ services }: Devnet): Promise<never> {
  const ended = await Promise.race(
    Object.entries(services).map(async ([name, { exited }]) => ({ name, code: await exited })),
  )
  throw new Error(`${ended.name} ended with exit code ${ended.code}`)
}

function servingText({ rpcUrl, bundlerUrl, paymasterUrl, contracts }: Devnet): string {
  const { hostOwner, hostApp, renterOwner, renterApp, guestOwner, deployer } = devnetAccounts
  const keys = { deployer, hostOwner, hostApp, renterOwner, renterApp, guestOwner }
  return [
    'Serving until Ctrl-C',
    `  chain (31337)       ${rpcUrl}`,
    `  bundler             ${bundlerUrl}`,
    `  paymaster service   ${paymasterUrl}`,
    `  API keys            ${apiKeys.demo} (budget ${formatEther(budgets.demo)} ETH)`,
    `                      ${apiKeys.small} (${formatEther(budgets.small)} ETH a ${budgetWindows.small}, used up by the demo)`,
    `  administrator key   ${adminKey}`,
    '',
    `  FAB                 ${contracts.fab}`,
    `  USDC                ${contracts.usdc}`,
    `  NodeRegistry        ${contracts.registry}`,
    `  JobMarketplace      ${contracts.marketplace}`,
    ...contracts.deployments.flatMap((deployment) => [
      `  EntryPoint ${deployment.entryPointVersion}      ${deployment.entryPoint}`,
      `    account factory   ${deployment.accountFactory}`,
      `    sponsor paymaster ${deployment.sponsorPaymaster}`,
    ]),
    ...(contracts.otherSponsors ?? []).flatMap((sponsor) => [
      `  EntryPoint ${sponsor.entryPointVersion}      ${sponsor.entryPoint}`,
      `    sponsor paymaster ${sponsor.sponsorPaymaster}`,
    ]),
    '',
    `Test keys, public and worthless (deployer owns ${formatEther(10n ** 22n)} test ETH, the others sign gasless):`,
    ...Object.entries(keys).map(
      ([name, account]) => `  ${name.padEnd(12)} ${account.address}  ${privateKeyOf(account)}`,
    ),
  ].join('\n')
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1)
}
