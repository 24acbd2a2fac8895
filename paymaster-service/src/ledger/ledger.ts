import type { Address, Hash, Hex } from 'viem'
import type { Policy } from '../policy/policy.ts'
import type { Refusal } from '../policy/refusal.ts'

/** An EntryPoint charges at most one operation for one sender and nonce. */
export type OperationKey = {
  chainId: number
  paymaster: Address
  sender: Address
  nonce: bigint
}

export type PolicyTerms = Pick<Policy, 'id' | 'onChainHash' | 'caps'>

/** Bounds of a signature, Unix seconds. */
export type SignatureWindow = { validAfter: number; validUntil: number }

export type ReserveRequest = OperationKey & {
  policy: PolicyTerms
  /** Hash of everything that is signed but the window: equal for the same operation asked again. */
  id: Hash
  /** Required prefund's upper bound, wei. */
  amount: bigint
  window: SignatureWindow
  /** Unix seconds on the chain. */
  now: number
  /** A signature that ends before this second is renewed rather than given again. */
  keepUntil: number
}

/** What may be signed, or was. */
export type Sponsorship = {
  id: Hash
  window: SignatureWindow
  signature: Hex | undefined
}

export type Reservation =
  | { kind: 'reserved'; sponsorship: Sponsorship }
  | { kind: 'refused'; refusal: Refusal }

/** A `UserOperationEvent` that one of our paymasters paid for. */
export type Charge = OperationKey & {
  userOpHash: Hash
  /** actualGasCost, wei. */
  cost: bigint
  transactionHash: Hash
}

export type FollowedBlock = { number: bigint; hash: Hash /** Unix seconds. */; timestamp: number }

export type Advance = {
  chainId: number
  /** Last block that the changes below come from. */
  through: FollowedBlock
  charges: readonly (Charge & { blockNumber: bigint })[]
  /** Operations of our reservations' nonces that somebody else paid for. */
  consumed: readonly (OperationKey & { blockNumber: bigint })[]
  /** Reservations whose signatures all end before this second are released. */
  expireBefore: number
}

export type AdvanceResult = {
  settled: number
  released: number
  /** Charges without a reservation: another signer of the paymaster, or a lost ledger. */
  unknown: readonly Charge[]
}

/** budget = free + reserved + settled, wei, of the current window. */
export type Usage = {
  budget: bigint
  reserved: bigint
  settled: bigint
  free: bigint
  /** Sponsored operations, by sender and nonce. */
  operations: number
  /** Unix seconds; `null` is never. */
  resetsAt: number | null
}

/** Accounts of every policy: what is promised and what was paid. */
export type Ledger = {
  /** Reserves within every cap, in one durable transaction. */
  reserve(request: ReserveRequest): Promise<Reservation>
  /** The sponsorship among `ids` whose signature is good until `keepUntil` or longer. */
  find(ids: readonly Hash[], keepUntil: number): Promise<Sponsorship | undefined>
  /** The refusal that {@link Ledger.reserve} would give now. Changes nothing. */
  preview(
    request: Pick<ReserveRequest, 'policy' | 'amount' | 'now'> & OperationKey,
  ): Promise<Refusal | undefined>
  /** Keeps a signature with its reservation; the first one kept is returned, also to whoever comes later. */
  keepSignature(
    id: Hash,
    window: SignatureWindow,
    signed: { signature: Hex; userOpHash: Hash },
  ): Promise<Hex>
  /** Applies what happened up to a block, in one transaction. Applying a block twice changes nothing. */
  advance(changes: Advance): Promise<AdvanceResult>
  /** Undoes settlements and releases of blocks above `blockNumber`, which are no longer on the chain. */
  rewind(chainId: number, blockNumber: bigint): Promise<void>
  /** Followed blocks, newest first. */
  followedBlocks(chainId: number): Promise<readonly FollowedBlock[]>
  /** Senders with reservations. */
  outstandingSenders(chainId: number): Promise<readonly Address[]>
  usage(policy: PolicyTerms, now: number): Promise<Usage>
}
