import { type Address, type Hex, zeroHash } from 'viem'

/** Who calls, and what each of them is on the deployed system of the test: see setScene.ts. */
export const roles = {
  deployer: 'sent the deployment; holds FAB, votes and a pending proposal',
  stranger: 'nobody in particular',
  host: 'of the jobs and sessions; publisher of the model, provider of the plan, staker',
  otherHost: 'operates a node that the controller pays for; opened a challenge',
  controller: 'pays for the node of the other host',
  renter: 'of the jobs and sessions; subscriber of the plan',
  keeper: 'named by governance for vault and buyback; meter of the plan',
  guardian: 'member of the EmergencyGuardian',
  emergencyGuardian: 'the contract EmergencyGuardian',
  arbiter: 'of disputes; resolver of challenges too',
  treasury: 'receives the protocol’s fees',
  governor: 'the contract FabstirGovernor',
  timelock: 'the contract Timelock; speaks for governance',
  marketplace: 'the contract JobMarketplace',
  registry: 'the contract NodeRegistry',
  reputation: 'the contract ReputationSystem',
  proofSystem: 'the contract ProofSystem',
  stakersPool: 'the contract StakersPool',
  entryPoint: 'the contract EntryPoint',
  sponsorOperator: 'operator of the SponsorPaymaster',
  accountOwner: 'owner key of the account; signs sponsorships and quotes too',
  account: 'the FabstirAccount itself',
  sessionKey: 'a live session key of the account',
} as const
export type Role = keyof typeof roles

/** What the deployed system of the test holds, for arguments. */
export type Scene = {
  addresses: Readonly<Record<Role, Address>>
  /** Addresses of contracts that are no role. */
  fab: Address
  usdc: Address
  parameterGuard: Address
  sponsorPaymaster: Address
  /** Code behind the proxies, by the name of the contract. */
  implementations: Readonly<Record<string, Address>>
  /** Jobs of renter and host, by the status they are left in. The challenged one is submitted. */
  jobs: Readonly<
    Record<'posted' | 'claimed' | 'submitted' | 'challenged' | 'disputed' | 'released', bigint>
  >
  price: bigint
  /** Sessions of renter and host: active, closing, and with attested work that nobody or the renter doubts. */
  sessions: Readonly<Record<'active' | 'closing' | 'attested' | 'challenged', bigint>>
  /** Over 1,000 tokens of the active session: of the renter, and of the host at its end. */
  voucher: Hex
  final: Hex
  /** Of a challenge of attested work. */
  attestedBond: bigint
  /** Challenge of the challenged job, its evidence revealed. */
  challenge: bigint
  model: Hex
  plan: bigint
  proposal: bigint
  /** What it is proposed to do: targets, values, calls, hash of the description. */
  proposed: readonly [readonly Address[], readonly bigint[], readonly Hex[], Hex]
  /** Unix seconds. */
  now: bigint
}

export type Rule = {
  /** What who passes runs into with these arguments; nothing when left out. */
  ends?: readonly string[]
  /** Said in the table of the documentation. */
  note?: string
  /** Arguments with which the check of the caller is reached; made up by type where they do not matter. */
  args?: (scene: Scene, caller: Address) => readonly unknown[]
  value?: (scene: Scene) => bigint
  /** Seconds that pass before the calls: what waits for its time is called when that has come. */
  later?: number
} & (
  | { allowed: 'anyone'; note: string }
  | {
      /** Who passes the check of the caller; nobody is the empty list. */
      allowed: readonly Role[]
      /** Error that all others get; the one or the other where there are two checks. */
      refusal: string | readonly string[]
    }
)

/** By the name of the function, by its signature where it is overloaded; "name: case" for a second case of one. */
export type Rules = Record<string, Rule>

export type Case = Pick<Rule, 'ends' | 'note' | 'args' | 'value' | 'later'>

export const only =
  (...allowed: Role[]) =>
  (refusal: string | readonly string[], rest: Case = {}): Rule => ({ allowed, refusal, ...rest })

/** Open to all, by design. */
export const open = (note: string, rest: Case = {}): Rule => ({ allowed: 'anyone', ...rest, note })

export const nobody = (note: string, refusal: string, rest: Case = {}): Rule => ({
  allowed: [],
  refusal,
  ...rest,
  note,
})

/** What is set by governance, with arguments that suit. */
export const governed = (args?: Rule['args'], rest: Case = {}): Rule =>
  only('timelock')('OwnableUnauthorizedAccount', { ...rest, ...(args ? { args } : {}) })

export const ownable: Rules = {
  transferOwnership: governed(),
  acceptOwnership: nobody(
    'the owner that was named, when there is one',
    'OwnableUnauthorizedAccount',
  ),
  renounceOwnership: governed(),
}

/** Of every contract that is owned and upgradeable. */
export const upgradeable = (contract: string): Rules => ({
  ...ownable,
  initialize: nobody('once, in the transaction that deploys the proxy', 'InvalidInitialization'),
  upgradeToAndCall: governed(({ implementations }) => [implementations[contract], '0x']),
})

/** Tokens that are sent to a contract which answers for them. */
export const receiver: Rules = {
  onERC721Received: open('only says that it can receive'),
  onERC1155Received: open('only says that it can receive'),
  onERC1155BatchReceived: open('only says that it can receive'),
}

/** ETH in the argument `token` of a ledger. */
export const eth: Address = '0x0000000000000000000000000000000000000000'
export const someone: Address = '0x00000000000000000000000000000000000000a1'
export const zero = zeroHash
export const hour = 3_600
export const day = 24 * hour
