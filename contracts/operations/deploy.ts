#!/usr/bin/env node
import {
  type Address,
  createPublicClient,
  createWalletClient,
  defineChain,
  http,
  isHex,
} from 'viem'
import { mnemonicToAccount, privateKeyToAccount } from 'viem/accounts'
import type { DeployedContract } from '../addressBook.ts'
import {
  type ChainPreset,
  chainPreset,
  type DeployParameters,
  deployFabstir,
  deploymentPath,
  preflight,
  readDeploymentFile,
  recordContracts,
  UnknownChainError,
  writeDeploymentFile,
} from '../deploy/index.ts'
import { addressOption, readOptions, required, urlOption } from './cli/options.ts'
import { CommandLineError, runCommand } from './cli/runCommand.ts'
import { renderTable } from './cli/table.ts'
import { readHostExport } from './migrate/exportFile.ts'

const helpText = `Deploys and wires all contracts, and writes deployments/<chainId>.json.
A second run finds everything there and sends nothing.

Usage: FABSTIR_DEPLOYER_PRIVATE_KEY=0x... pnpm contracts:deploy --rpc-url URL --chain CHAIN [options]

  --rpc-url URL              JSON-RPC of a node of the chain
  --chain CHAIN              local (31337), base-sepolia (84532) or base (8453)
  --dry-run                  send nothing; print what would be deployed, and where
  --governance ADDRESS       proposes to the timelock in place of the governor
  --treasury ADDRESS         receives protocol fees and what the sponsor's operator withdraws
  --guardians A,B            may pause new work for at most 72 hours
  --arbiter ADDRESS          decides disputed results
  --resolvers A,B            decide challenges of proofs
  --quote-signer ADDRESS     signs prices of tokens without a feed
  --migrate FILE             export of an earlier deployment (contracts:migrate): deploys the helper that may import it
  --migration-closes TIME    with --migrate, like 2026-12-31T00:00:00Z: from then on anyone may end the import
  --fab-holder ADDRESS       receives the FAB supply
  --sponsor-signers A,B      the two keys that approve sponsored operations
  --sponsor-operator ADDRESS may withdraw and migrate the sponsor's deposit
  --out FILE                 instead of deployments/<chainId>.json
  --help                     this text

On the local chain the addresses and the key default to the public test accounts of every node.
The deployer's key is read from the environment only, and holds no role afterwards: contracts:verify.
`

/** Public knowledge: for the local chain only. */
const testMnemonic = 'test test test test test test test test test test test junk'

await runCommand('contracts:deploy', async (args) => {
  const options = readOptions(args, {
    'rpc-url': { type: 'string' },
    chain: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    governance: { type: 'string' },
    treasury: { type: 'string' },
    guardians: { type: 'string' },
    arbiter: { type: 'string' },
    resolvers: { type: 'string' },
    'quote-signer': { type: 'string' },
    migrate: { type: 'string' },
    'migration-closes': { type: 'string' },
    'fab-holder': { type: 'string' },
    'sponsor-signers': { type: 'string' },
    'sponsor-operator': { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  })
  if (options.help) {
    process.stdout.write(helpText)
    return 0
  }
  const preset = presetOption(options.chain)
  const rpcUrl = urlOption('rpc-url', options['rpc-url'])
  const local = preset.usdc === undefined
  const orTest = (name: string, value: string | undefined, index: number): Address =>
    value === undefined && local
      ? mnemonicToAccount(testMnemonic, { addressIndex: index }).address
      : addressOption(name, value)
  const signers = options['sponsor-signers']?.split(',') ?? []
  if (signers.length !== 2 && !(local && signers.length === 0)) {
    throw new CommandLineError('--sponsor-signers: expected two addresses, separated by a comma')
  }
  const treasury = orTest('treasury', options.treasury, 2)
  const several = (name: string, value: string | undefined, index: number): Address[] =>
    value === undefined
      ? [orTest(name, value, index)]
      : value.split(',').map((one) => addressOption(name, one))
  const governance =
    options.governance === undefined ? undefined : addressOption('governance', options.governance)
  const roles = {
    ...(governance && { governance }),
    ...(await migrationOption(options.migrate, options['migration-closes'])),
    treasury,
    guardians: several('guardians', options.guardians, 1),
    arbiter: orTest('arbiter', options.arbiter, 3),
    resolvers: several('resolvers', options.resolvers, 3),
    quoteSigner: orTest('quote-signer', options['quote-signer'], 1),
    fabHolder: orTest('fab-holder', options['fab-holder'], 0),
    sponsor: {
      signers: [
        orTest('sponsor-signers', signers[0], 5),
        orTest('sponsor-signers', signers[1], 6),
      ] as const,
      operator: orTest('sponsor-operator', options['sponsor-operator'], 4),
      treasury,
    },
  }

  const clients = clientsOf(rpcUrl, preset, deployerAccount(local))
  await preflight(clients.publicClient, preset)
  const dryRun = options['dry-run']
  const contracts: DeployedContract[] = []
  const addressBook = await deployFabstir({
    ...clients,
    ...roles,
    entryPoints: preset.entryPoints,
    otherEntryPoints: preset.otherEntryPoints,
    timelockDelay: preset.timelockDelay,
    ...(preset.usdc ? { usdc: preset.usdc } : {}),
    dryRun,
    onProgress: (contract) => console.error(`${contract} ...`),
    onContract: (contract) => contracts.push(contract),
  })
  console.log(
    renderTable([
      ['contract', 'address', 'state'],
      ...contracts.map(({ label, address, deployed, block }) => [
        label,
        address,
        stateOf({ deployed, dryRun, block }),
      ]),
    ]),
  )
  if (dryRun) {
    console.log(`\n${preset.name}: nothing was sent`)
    return 0
  }
  const path = options.out ?? deploymentPath(preset.chainId)
  const earlier = await readDeploymentFile(path)
  await writeDeploymentFile(path, {
    addressBook,
    deployer: clients.walletClient.account.address,
    governance: governance ?? addressBook.governor,
    contracts: await recordContracts(clients.publicClient, contracts, earlier?.contracts),
  })
  console.log(`\n${preset.name}: ${path}`)
  return 0
})

function stateOf({
  deployed,
  dryRun,
  block,
}: {
  deployed: boolean
  dryRun: boolean
  block: bigint | undefined
}): string {
  if (!deployed) return 'is there'
  return dryRun ? 'would be deployed' : `deployed${block === undefined ? '' : ` in block ${block}`}`
}

async function migrationOption(
  file: string | undefined,
  closes: string | undefined,
): Promise<Pick<DeployParameters, 'migration'>> {
  if (file === undefined) return {}
  const { root, totals } = await readHostExport(file)
  const closesAt = Date.parse(required('migration-closes', closes)) / 1_000
  if (!Number.isInteger(closesAt)) {
    throw new CommandLineError(`--migration-closes: "${closes}" is not a time in whole seconds`)
  }
  return { migration: { root, totals, closesAt: BigInt(closesAt) } }
}

function presetOption(chain: string | undefined): ChainPreset {
  try {
    return chainPreset(required('chain', chain))
  } catch (error) {
    if (error instanceof UnknownChainError) throw new CommandLineError(`--chain: ${error.message}`)
    throw error
  }
}

function deployerAccount(local: boolean) {
  const key = process.env.FABSTIR_DEPLOYER_PRIVATE_KEY
  if (key === undefined && local) return mnemonicToAccount(testMnemonic)
  if (key === undefined) throw new CommandLineError('FABSTIR_DEPLOYER_PRIVATE_KEY is not set')
  if (!isHex(key) || key.length !== 66) {
    throw new CommandLineError('FABSTIR_DEPLOYER_PRIVATE_KEY: expected 0x and 64 hex digits')
  }
  return privateKeyToAccount(key)
}

function clientsOf(
  rpcUrl: string,
  { chainId, name }: ChainPreset,
  account: ReturnType<typeof deployerAccount>,
) {
  const chain = defineChain({
    id: chainId,
    name,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
  const transport = http(rpcUrl)
  return {
    publicClient: createPublicClient({ chain, transport }),
    walletClient: createWalletClient({ account, chain, transport }),
  }
}
