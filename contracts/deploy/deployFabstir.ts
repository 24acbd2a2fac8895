import { type Address, type Hex, parseEther, parseUnits, zeroAddress } from 'viem'
import type { AddressBook, DeployedContract } from '../addressBook.ts'
import type { DeployClients } from './create2.ts'
import { deployEntryPoints, deployOtherSponsors } from './deployEntryPoints.ts'
import { createDeployer, type Deployer } from './deployer.ts'
import { handOver } from './handOver.ts'

export type DeployParameters = DeployClients & {
  /** EntryPoints that accounts get a factory and paymasters for; the first is the default. */
  entryPoints: readonly { address: Address; version: '0.8' | '0.9' }[]
  /** EntryPoints that get a SponsorPaymaster only, for accounts of others. */
  otherEntryPoints?: readonly { address: Address; version: '0.7' }[]
  /**
   * Proposes to the timelock in place of the governor: for chains on which nobody votes. Bounds, delay and expiry
   * hold all the same; the 80 % rule does not.
   */
  governance?: Address
  /** Seconds between proposal and execution; two days by default. */
  timelockDelay?: bigint
  /** Receives the protocol's fees. */
  treasury: Address
  /** Receives the whole FAB supply. */
  fabHolder: Address
  /** May pause new work for at most 72 hours. */
  guardians: readonly Address[]
  /** Decides disputes of results, between the two parties only. */
  arbiter: Address
  /** Decide challenges of proofs. */
  resolvers: readonly Address[]
  /** Signs prices of tokens that have no feed, for the TokenPaymaster. */
  quoteSigner: Address
  /** Hosts of an earlier deployment, which a {MigrationHelper} of their own may import until it closes. */
  migration?: {
    /** Of the export's Merkle tree. */
    root: Hex
    totals: { hosts: bigint; stake: bigint; score: bigint }
    /** Unix seconds from which anyone may close an incomplete migration. */
    closesAt: bigint
  }
  /** Existing USDC; absent on chain 31337, where a test USDC is deployed. */
  usdc?: Address
  sponsor: { signers: readonly [Address, Address]; operator: Address; treasury: Address }
  /** Sends nothing; answers the addresses that a real run would deploy to. */
  dryRun?: boolean
  /** Called with each contract before it is looked for. */
  onProgress?: (contract: string) => void
  /** Called with each contract once it stands, or in a dry run would. */
  onContract?: (contract: DeployedContract) => void
}

/** FAB in circulation: 10 million. */
export const fabSupply = parseEther('10000000')

const twoDays = 172_800n

/**
 * Deploys and wires all contracts by CREATE2, and renounces the deployer's role in the last step. Running it again
 * sends nothing and returns the same book.
 * @throws DeploymentFailedError when a contract does not arrive.
 */
export async function deployFabstir(parameters: DeployParameters): Promise<AddressBook> {
  const { publicClient, walletClient, treasury } = parameters
  const chainId = await publicClient.getChainId()
  const deployer = createDeployer(parameters)
  const { plain, predictProxy } = deployer

  await plain('ProxyDeployer')
  const fab = await plain('FabToken', [parameters.fabHolder, fabSupply])
  const usdc = parameters.usdc ?? (await plain('TestUsdc'))
  const timelock = await plain('Timelock', [
    parameters.timelockDelay ?? twoDays,
    [],
    [],
    walletClient.account.address,
  ])
  const stakersPool = await predictProxy('StakersPool')
  const votesAdapter = await plain('VotesAdapter', [fab, stakersPool])
  const parameterGuard = await plain('ParameterGuard', [timelock])
  const emergencyGuardian = await plain('EmergencyGuardian', [timelock, parameters.guardians])
  const governor = await plain('FabstirGovernor', [votesAdapter, timelock, emergencyGuardian])
  const governance = { timelock, governor, parameterGuard, emergencyGuardian, votesAdapter }

  const registry = await predictProxy('NodeRegistry')
  const marketplace = await predictProxy('JobMarketplace')
  const deployments = await deployEntryPoints(deployer, parameters, {
    marketplace,
    registry,
    timelock,
  })
  const otherSponsors = await deployOtherSponsors(deployer, parameters)
  const proxies = await deployProxies(deployer, parameters, {
    ...governance,
    fab,
    usdc,
    sponsors: deployments.map(({ entryPoint, sponsorPaymaster }) => ({
      entryPoint,
      paymaster: sponsorPaymaster,
    })),
  })
  const topUpVault = await plain('TopUpVault', [timelock])
  const revenueSplitter = await deployer.proxy('RevenueSplitter', [timelock, treasury, stakersPool])

  const book: AddressBook = {
    chainId,
    fab,
    usdc,
    ...governance,
    ...proxies,
    revenueSplitter,
    topUpVault,
    deployments,
    ...(otherSponsors.length === 0 ? {} : { otherSponsors }),
  }
  await handOver(parameters, book)
  return book
}

type Known = {
  timelock: Address
  emergencyGuardian: Address
  fab: Address
  usdc: Address
  sponsors: readonly { entryPoint: Address; paymaster: Address }[]
}

/** What governance can set and replace. They know each other by addresses that are fixed before they stand. */
async function deployProxies(
  { plain, predictProxy, proxy }: Deployer,
  parameters: DeployParameters,
  { timelock, emergencyGuardian, fab, usdc, sponsors }: Known,
) {
  const { treasury } = parameters
  const registry = await predictProxy('NodeRegistry')
  const marketplace = await predictProxy('JobMarketplace')
  const reputation = await predictProxy('ReputationSystem')
  const proofSystem = await predictProxy('ProofSystem')
  const stakersPool = await proxy('StakersPool', [timelock, fab, [usdc]])
  const { migration } = parameters
  const migrator = migration
    ? await plain('MigrationHelper', [
        ...[fab, registry, reputation],
        ...[migration.root, migration.totals, migration.closesAt],
      ])
    : zeroAddress

  await proxy('NodeRegistry', [timelock, fab, marketplace, proofSystem, migrator])
  await proxy('ReputationSystem', [
    timelock,
    marketplace,
    registry,
    proofSystem,
    migrator,
    [
      { token: zeroAddress, fee: parseEther('0.00003') },
      { token: usdc, fee: parseUnits('0.1', 6) },
    ],
  ])
  await proxy('ProofSystem', [
    timelock,
    fab,
    marketplace,
    registry,
    reputation,
    parameters.resolvers,
  ])

  // The marketplace's code is in four parts, each of which calls the next for what it does not know.
  const governancePart = await plain('JobMarketplaceGovernance')
  const office = await plain('JobMarketplaceOffice', [governancePart])
  const extension = await plain('JobMarketplaceExtension', [office])
  await proxy(
    'JobMarketplace',
    [
      timelock,
      {
        registry,
        treasury,
        stakers: stakersPool,
        proofSystem,
        reputation,
        arbiter: parameters.arbiter,
        guardian: emergencyGuardian,
      },
      [
        { token: zeroAddress, minimum: parseEther('0.0001'), maximum: parseEther('1000') },
        { token: usdc, minimum: parseUnits('0.5', 6), maximum: parseUnits('1000000', 6) },
      ],
      sponsors,
    ],
    [extension],
  )

  // A cent for a million tokens and a tenth of a cent for a minute, in ETH at some 3,000 dollars.
  const modelRegistry = await proxy('ModelRegistry', [
    timelock,
    registry,
    marketplace,
    [
      {
        token: zeroAddress,
        pricePer1000: parseUnits('3.3', 9),
        pricePerMinute: parseUnits('330', 9),
      },
      { token: usdc, pricePer1000: 10n, pricePerMinute: parseUnits('0.001', 6) },
    ],
  ])
  const dynamicPricing = await proxy('DynamicPricing', [
    timelock,
    marketplace,
    { kinkBps: 8_000, maxSurgeBps: 20_000 },
  ])
  const subscriptions = await plain('Subscriptions')
  const buyback = await proxy('Buyback', [
    timelock,
    usdc,
    fab,
    treasury,
    {
      maxDeviationBps: 200,
      burnBps: 5_000,
      maxAge: 3_600,
      window: 86_400,
      cap: parseUnits('10000', 6),
    },
  ])
  return {
    registry,
    marketplace,
    reputation,
    proofSystem,
    stakersPool,
    modelRegistry,
    dynamicPricing,
    subscriptions,
    buyback,
  }
}
