import { type Address, parseEther, parseUnits, zeroAddress } from 'viem'
import type { ContractRecord, DeploymentFile, EntryPointDeployment } from '../../addressBook.ts'
import { sponsorsOf } from '../../addressBook.ts'
import { governedParameters, governedSetters } from '../../deploy/governedParameters.ts'

/** A view function of a contract and what it has to answer. */
export type Expectation = {
  /** Label of the contract in the deployment file. */
  contract: string
  functionName: string
  args?: readonly unknown[]
  /** Of a struct or of several values: only the named ones are compared. */
  equals: unknown
  /** What a report calls it; function and arguments by default. */
  name?: string
}

/**
 * Holders of the roles of each contract with AccessControl, by the contract's name. Roles without a line are empty:
 * above all, nobody but the timelock itself administers it.
 */
export function expectedRoles(
  deployment: DeploymentFile,
): Record<string, Record<string, readonly Address[]>> {
  const { governance } = deployment
  const { timelock } = deployment.addressBook
  const [, members] = argumentsOf(deployment, 'EmergencyGuardian')
  return {
    Timelock: {
      DEFAULT_ADMIN_ROLE: [timelock],
      PROPOSER_ROLE: [governance],
      CANCELLER_ROLE: [governance],
      EXECUTOR_ROLE: [governance],
    },
    EmergencyGuardian: {
      DEFAULT_ADMIN_ROLE: [timelock],
      EMERGENCY_ROLE: (members ?? []) as readonly Address[],
    },
  }
}

/** Who knows whom. One line for each reference from one contract to another. */
export function wiring(deployment: DeploymentFile): Expectation[] {
  const { addressBook: book } = deployment
  const at = (label: string) => deployment.contracts.find((one) => one.label === label)?.address
  const { treasury, arbiter } = neighboursOf(deployment)
  const references: Record<string, Record<string, unknown>> = {
    Timelock: { parameterGuard: book.parameterGuard },
    VotesAdapter: { fab: book.fab, staked: book.stakersPool },
    ParameterGuard: { timelock: book.timelock },
    EmergencyGuardian: { timelock: book.timelock },
    FabstirGovernor: {
      token: book.votesAdapter,
      timelock: book.timelock,
      emergencyGuardian: book.emergencyGuardian,
    },
    NodeRegistry: {
      fab: book.fab,
      marketplace: book.marketplace,
      proofSystem: book.proofSystem,
    },
    ReputationSystem: {
      marketplace: book.marketplace,
      registry: book.registry,
      proofSystem: book.proofSystem,
    },
    ProofSystem: {
      fab: book.fab,
      marketplace: book.marketplace,
      registry: book.registry,
      reputation: book.reputation,
    },
    JobMarketplace: {
      extension: at('JobMarketplaceExtension'),
      registry: book.registry,
      proofSystem: book.proofSystem,
      reputation: book.reputation,
      guardian: book.emergencyGuardian,
      stakers: book.stakersPool,
      arbiter,
      treasury,
    },
    JobMarketplaceExtension: { extension: at('JobMarketplaceOffice') },
    JobMarketplaceOffice: { extension: at('JobMarketplaceGovernance') },
    ModelRegistry: { nodeRegistry: book.registry, marketplace: book.marketplace },
    DynamicPricing: { marketplace: book.marketplace },
    StakersPool: { fab: book.fab },
    RevenueSplitter: { treasury, stakersPool: book.stakersPool },
    Buyback: { usdc: book.usdc, fab: book.fab, treasury },
  }
  return [
    ...linesOf(references),
    ...resolversOf(deployment).map((resolver) => ({
      contract: 'ProofSystem',
      functionName: 'isResolver',
      args: [resolver],
      equals: true,
    })),
    {
      contract: 'StakersPool',
      functionName: 'rewardTokens',
      equals: [zeroAddress, book.fab, book.usdc],
    },
    ...book.deployments.flatMap((one) => accountWiring(deployment, one)),
    ...sponsorsOf(book).flatMap((one) => sponsorWiring(deployment, one)),
  ]
}

/** Accounts of one EntryPoint, their default sponsor, and its TokenPaymaster. */
function accountWiring(
  deployment: DeploymentFile,
  { entryPoint, entryPointVersion, sponsorPaymaster, accountImplementation }: EntryPointDeployment,
): Expectation[] {
  const { marketplace, registry } = deployment.addressBook
  const token = `TokenPaymaster ${entryPointVersion}`
  const [, , tokenTreasury, quoteSigner] = argumentsOf(deployment, token)
  return [
    {
      contract: 'JobMarketplace',
      functionName: 'sponsorPaymaster',
      args: [entryPoint],
      equals: sponsorPaymaster,
    },
    ...linesOf({
      [`FabstirAccountFactory ${entryPointVersion}`]: { accountImplementation },
      [`FabstirAccount ${entryPointVersion}`]: { entryPoint, marketplace, registry },
      [token]: { entryPoint, treasury: tokenTreasury, quoteSigner },
    }),
  ]
}

/** A SponsorPaymaster, of whichever kind its EntryPoint has. */
function sponsorWiring(
  deployment: DeploymentFile,
  { entryPoint, sponsorPaymaster }: ReturnType<typeof sponsorsOf>[number],
): Expectation[] {
  const record = deployment.contracts.find(({ address }) => address === sponsorPaymaster)
  const label = record?.label ?? `SponsorPaymaster at ${sponsorPaymaster}`
  const [, signerA, signerB, operator, treasury] = argumentsOf(deployment, label)
  return linesOf({ [label]: { entryPoint, signerA, signerB, operator, treasury } })
}

/** Numbers that the specification fixes. */
export function constants(deployment: DeploymentFile): Expectation[] {
  const { usdc } = deployment.addressBook
  const [minDelay] = argumentsOf(deployment, 'Timelock')
  const [hour, day] = [3_600n, 86_400n]
  const keyed = (
    contract: string,
    functionName: string,
    token: Address,
    equals: unknown,
  ): Expectation => ({ contract, functionName, args: [token], equals })
  return [
    ...linesOf({
      Timelock: { getMinDelay: minDelay, GRACE_PERIOD: 14n * day },
      FabstirGovernor: {
        votingDelay: day,
        votingPeriod: 7n * day,
        proposalThreshold: parseEther('10000'),
        quorumNumerator: 10n,
        quorumDenominator: 100n,
      },
      FabToken: { totalSupply: parseEther('10000000') },
      NodeRegistry: {
        minimumStake: parseEther('1000'),
        unbondingPeriod: 7n * day,
        jailPeriod: day,
        claimBond: parseEther('20'),
      },
      ReputationSystem: { incentiveThreshold: 150n },
      ProofSystem: {
        challengeWindow: day,
        revealWindow: 12n * hour,
        resolverWindow: 3n * day,
        challengeBond: parseEther('10'),
      },
      JobMarketplace: {
        fees: [1_000n, 500n],
        closingWindow: hour,
        reviewWindow: day,
        // Basis points, and seconds that the arbiter has.
        disputeTerms: [100n, 7n * day],
        failureRules: [5n, hour, hour],
        bonusReputation: 0n,
      },
    }),
    keyed('ReputationSystem', 'minReputationFee', zeroAddress, parseEther('0.00003')),
    keyed('ReputationSystem', 'minReputationFee', usdc, parseUnits('0.1', 6)),
    keyed('JobMarketplace', 'tokenConfig', zeroAddress, {
      accepted: true,
      minDeposit: parseEther('0.0001'),
      maxDeposit: parseEther('1000'),
    }),
    keyed('JobMarketplace', 'tokenConfig', usdc, {
      accepted: true,
      minDeposit: parseUnits('0.5', 6),
      maxDeposit: parseUnits('1000000', 6),
    }),
    // Attested work waits for governance to say how much of it may be pending.
    keyed('JobMarketplace', 'maxPending', zeroAddress, 0n),
    keyed('JobMarketplace', 'maxPending', usdc, 0n),
  ]
}

/** The list of what an ordinary majority may set, entry by entry. */
export function guardedParameters({ addressBook: book }: DeploymentFile): Expectation[] {
  const setters = governedSetters(book)
  return governedParameters({ addresses: book, usdc: book.usdc }).map((parameter, index) => {
    const { contract, setter, values } = setters[index] ?? { contract: '', setter: '', values: [] }
    const { target, selector, key } = parameter
    return {
      contract: 'ParameterGuard',
      functionName: 'getParameter',
      args: [target, selector, key],
      equals: parameter,
      name: `${contract}.${setter} for ${values.map(({ name }) => name).join(', ')}`,
    }
  })
}

/** One line for each getter without arguments, by contract. */
function linesOf(byContract: Record<string, Record<string, unknown>>): Expectation[] {
  return Object.entries(byContract).flatMap(([contract, getters]) =>
    Object.entries(getters).map(([functionName, equals]) => ({ contract, functionName, equals })),
  )
}

/** Accounts outside the system that the marketplace was initialized with. */
function neighboursOf(deployment: DeploymentFile): { treasury?: unknown; arbiter?: unknown } {
  const [, neighbours] = argumentsOf(deployment, 'JobMarketplace')
  return typeof neighbours === 'object' && neighbours !== null ? neighbours : {}
}

function resolversOf(deployment: DeploymentFile): readonly unknown[] {
  const resolvers = argumentsOf(deployment, 'ProofSystem').at(-1)
  return Array.isArray(resolvers) ? resolvers : []
}

function argumentsOf({ contracts }: DeploymentFile, label: string): readonly unknown[] {
  const record: ContractRecord | undefined = contracts.find((one) => one.label === label)
  return record?.proxy?.initializerArgs ?? record?.constructorArgs ?? []
}
