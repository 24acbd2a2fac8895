#!/usr/bin/env node
import { createPublicClient, createWalletClient, formatEther, http, isHex, parseAbi } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { readDeploymentFile } from '../deploy/index.ts'
import { addressOption, readOptions, required, urlOption } from './cli/options.ts'
import { CommandLineError, runCommand } from './cli/runCommand.ts'
import { readHostExport, writeHostExport } from './migrate/exportFile.ts'
import { exportHosts, type HostExport } from './migrate/exportHosts.ts'
import { importHosts } from './migrate/importHosts.ts'
import { createFollower } from './monitor/follower.ts'

const helpText = `Moves hosts of an earlier deployment to a new one: stakes with their funds, and scores.

Usage: pnpm contracts:migrate --rpc-url URL --export FILE --deployment OLD.json
       FABSTIR_MIGRATOR_PRIVATE_KEY=0x... pnpm contracts:migrate --rpc-url URL --import FILE --helper ADDRESS [--dry-run]

  --rpc-url URL        JSON-RPC of a node of the chain
  --export FILE        write hosts, sums and Merkle root of the old deployment there
  --deployment FILE    deployment file of the old one
  --import FILE        bring the hosts of an export through the MigrationHelper; the key's account pays the stakes
  --helper ADDRESS     the MigrationHelper that contracts:deploy --migrate deployed for this export
  --dry-run            check root and sums and print what would be sent
  --help               this text

Hosts that are there already are left out, so that an interrupted import can be repeated.
`

await runCommand('contracts:migrate', async (args) => {
  const options = readOptions(args, {
    'rpc-url': { type: 'string' },
    export: { type: 'string' },
    deployment: { type: 'string' },
    import: { type: 'string' },
    helper: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  })
  if (options.help) {
    process.stdout.write(helpText)
    return 0
  }
  const transport = http(urlOption('rpc-url', options['rpc-url']))
  const publicClient = createPublicClient({ transport })
  if (options.export !== undefined) {
    const path = required('deployment', options.deployment)
    const deployment = await readDeploymentFile(path)
    if (!deployment) throw new CommandLineError(`there is no file ${path}`)
    const follower = createFollower({
      publicClient,
      addresses: deployment.contracts.map(({ address }) => address),
      startBlock: BigInt(Math.min(...deployment.contracts.map(({ block }) => Number(block)))),
      confirmations: 0,
    })
    await follower.advance()
    const { timestamp } = await publicClient.getBlock()
    const exported = exportHosts(follower.state.hosts, Number(timestamp))
    await checkFunds(publicClient, deployment.addressBook, exported)
    await writeHostExport(options.export, exported)
    say(exported)
    return 0
  }

  const exported = await readHostExport(required('import', options.import))
  const helper = addressOption('helper', options.helper)
  const key = process.env.FABSTIR_MIGRATOR_PRIVATE_KEY
  if (!isHex(key) || key.length !== 66) {
    throw new CommandLineError('FABSTIR_MIGRATOR_PRIVATE_KEY: expected 0x and 64 hex digits')
  }
  const walletClient = createWalletClient({ account: privateKeyToAccount(key), transport })
  const dryRun = options['dry-run']
  const sent = await importHosts({ publicClient, walletClient, helper, exported, dryRun })
  say(exported)
  console.log(`${sent} hosts ${dryRun ? 'would be' : 'were'} brought in`)
  return 0
})

/** The old registry has to hold what it owes, or the export promises funds that are not there. */
async function checkFunds(
  publicClient: Pick<ReturnType<typeof createPublicClient>, 'readContract'>,
  { fab, registry }: { fab: `0x${string}`; registry: `0x${string}` },
  { totals }: HostExport,
): Promise<void> {
  const balance = await publicClient.readContract({
    address: fab,
    abi: parseAbi(['function balanceOf(address) view returns (uint256)']),
    functionName: 'balanceOf',
    args: [registry],
  })
  if (balance < totals.stake) {
    throw new RangeError(`stakes are ${totals.stake} wei, the registry holds ${balance}`)
  }
}

function say({ totals, root }: HostExport): void {
  console.log(
    `${totals.hosts} hosts, ${formatEther(totals.stake)} FAB, ${totals.score} points, root ${root}`,
  )
}
