#!/usr/bin/env node
import { createPublicClient, createWalletClient, http, isHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { chainPreset, deploymentPath, readDeploymentFile } from '../deploy/index.ts'
import { integerOption, readOptions, required, urlOption } from './cli/options.ts'
import { CommandLineError, runCommand } from './cli/runCommand.ts'
import { isPausable, pausableFunctions, type Response } from './respond/planResponse.ts'
import { type BreakerState, readBreakerState, runResponse } from './respond/runResponse.ts'

const helpText = `Answers an incident step by step: shows the breaker, or sets its level as a guardian.

Usage: pnpm contracts:respond --rpc-url URL --chain CHAIN
       FABSTIR_GUARDIAN_PRIVATE_KEY=0x... pnpm contracts:respond --rpc-url URL --chain CHAIN --level N [options]

  --rpc-url URL        JSON-RPC of a node of the chain
  --chain CHAIN        local, base-sepolia or base: reads deployments/<chainId>.json
  --deployment FILE    instead of --chain
  --level N            1 throttles every caller, 2 closes functions, 3 stops all new work, 0 ends it
  --functions A,B      with level 2: ${Object.keys(pausableFunctions).join(', ')}; aliases close along
  --reason TEXT        with level 3: for the log and for users
  --dry-run            ask the chain whether it would take each step, send nothing
  --help               this text

Begin low and go up as far as it takes. Going down is refused within the first hour. All steps from the first one on
are one pause: it ends by itself after at most 72 hours, the next one can begin 7 days later, and there are at most 10
days of them in any 90. No level ever closes an exit: results, settlement, refunds, withdrawals and unstaking go on.
What governance has set, or the failures of hosts, ends by itself or by a proposal.

Exit code 0 when the breaker is where it was asked to be.
`

await runCommand('contracts:respond', async (args) => {
  const options = readOptions(args, {
    'rpc-url': { type: 'string' },
    chain: { type: 'string' },
    deployment: { type: 'string' },
    level: { type: 'string' },
    functions: { type: 'string' },
    reason: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  })
  if (options.help) {
    process.stdout.write(helpText)
    return 0
  }
  const wanted = options.level === undefined ? undefined : responseOf(options)
  const path =
    options.deployment ?? deploymentPath(chainPreset(required('chain', options.chain)).chainId)
  const deployment = await readDeploymentFile(path)
  if (!deployment) throw new CommandLineError(`there is no file ${path}`)
  const book = deployment.addressBook
  const transport = http(urlOption('rpc-url', options['rpc-url']))
  const publicClient = createPublicClient({ transport })
  const chainId = await publicClient.getChainId()
  if (chainId !== book.chainId) {
    throw new CommandLineError(`the node is on chain ${chainId}, the deployment on ${book.chainId}`)
  }
  if (!wanted) {
    say(await readBreakerState(publicClient, book))
    return 0
  }

  const key = process.env.FABSTIR_GUARDIAN_PRIVATE_KEY
  if (!isHex(key) || key.length !== 66) {
    throw new CommandLineError('FABSTIR_GUARDIAN_PRIVATE_KEY: expected 0x and 64 hex digits')
  }
  const dryRun = options['dry-run']
  const state = await runResponse({
    publicClient,
    walletClient: createWalletClient({ account: privateKeyToAccount(key), transport }),
    book,
    wanted,
    dryRun,
    onCall: (text) => console.log(dryRun ? `would ${text}` : text),
  })
  say(state)
  return 0
})

function responseOf(options: { level?: string; functions?: string; reason?: string }): Response {
  const level = integerOption('level', options.level, { minimum: 0, maximum: 3 })
  if (level === 2) {
    const names = required('functions', options.functions).split(',')
    const functions = names.filter(isPausable)
    const unknown = names.filter((name) => !isPausable(name))
    if (unknown.length > 0) {
      throw new CommandLineError(
        `--functions: "${unknown.join(',')}" is none of ${Object.keys(pausableFunctions).join(', ')}`,
      )
    }
    return { level, functions }
  }
  if (level === 3) return { level, reason: required('reason', options.reason) }
  return { level: level === 1 ? 1 : 0 }
}

function say({ level, until, closed, lastIncident, ...counted }: BreakerState): void {
  const time = (seconds: bigint) => new Date(Number(seconds) * 1_000).toISOString()
  console.log(level === 0 ? 'level 0: normal' : `level ${level} until ${time(until)}`)
  console.log(`closed: ${closed.length === 0 ? 'nothing' : closed.join(', ')}`)
  console.log(
    `${counted.failures} failures, ${counted.suspicious} of them of new controllers; ${counted.successes} paid`,
  )
  console.log(`last incident: ${lastIncident === 0n ? 'never' : time(lastIncident)}`)
}
