import type { Address, Hash, Hex } from 'viem'
import type { Policy } from '../policy/policy.ts'
import type { PriceNow } from '../policy/price.ts'
import type { Refusal } from '../policy/refusal.ts'
import type { CapWindow } from '../policy/window.ts'

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

/** Who asked for a sponsorship. */
export type SponsorshipOrigin = {
  app: string
  /** `undefined` for keys of the configuration. */
  keyId: string | undefined
}

/** A paymaster's deposit at its EntryPoint. */
export type DepositReading = {
  wei: bigint
  /** Settled of {@link PaymasterAccount} before the deposit was read. */
  settledWei: bigint
}

/** What a paymaster has promised and paid, over all policies. */
export type PaymasterAccount = {
  reservedWei: bigint
  settledWei: bigint
  /** Unix seconds at which the last signature ends that may still be charged; `undefined` for none. */
  lastValidUntil: number | undefined
}

/** What the caps are asked about. */
export type CapQuestion = OperationKey & {
  policy: PolicyTerms
  /** Required prefund's upper bound, wei. */
  amount: bigint
  /** The sponsorship remembers a fresh price and settles at it. */
  price: PriceNow
  /** Selector of each inner call, in order; `0x` for a call without data. */
  selectors: readonly Hex[]
  /** Unix seconds on the chain. */
  now: number
  /** Without it nobody asks whether the deposit can pay. */
  deposit?: DepositReading
}

export type ReserveRequest = CapQuestion & {
  origin?: SponsorshipOrigin
  /**
   * Hash of everything that is signed but the window: equal for the same operation asked again, and for no operation
   * of another chain or paymaster, whose row it would replace.
   */
  id: Hash
  window: SignatureWindow
  /** A signature that ends before this second is renewed rather than given again. */
  keepUntil: number
  /**
   * Signs what is reserved anew, within the transaction: it is kept with its reservation or not at all, and one commit
   * does for both. `undefined`, or an answer of `undefined`, leaves that to {@link Ledger.keepSignature}. May be asked
   * again when a transaction runs again.
   */
  sign?: (() => SignatureOf | undefined) | undefined
}

/** A signature, and the hashes that the operation has with it: one in each form. */
export type SignatureOf = { signature: Hex; userOpHashes: readonly Hash[] }

/** What may be signed, or was. */
export type Sponsorship = {
  id: Hash
  window: SignatureWindow
  signature: Hex | undefined
}

export type Reservation =
  | {
      kind: 'reserved'
      sponsorship: Sponsorship
      /** By {@link ReserveRequest.sign}. */
      signed?: SignatureOf
    }
  | { kind: 'refused'; refusal: Refusal }

/** A reservation, by what is signed for it. */
export type Reserved = {
  key: OperationKey
  policyId: string
  id: Hash
  window: SignatureWindow
}

/** A signature for the operation `key`. */
export type Signed = SignatureOf & {
  key: OperationKey
  id: Hash
  window: SignatureWindow
}

/** A `UserOperationEvent` that one of our paymasters paid for. */
export type Charge = OperationKey & {
  userOpHash: Hash
  /** Whether its calls succeeded; a reverted operation is charged as well. */
  success: boolean
  /** actualGasCost, wei. */
  cost: bigint
  transactionHash: Hash
}

export type FollowedBlock = { number: bigint; hash: Hash /** Unix seconds. */; timestamp: number }

export type Advance = {
  chainId: number
  /** Newest followed block when the chain was asked; `undefined` for a ledger without a place on it. */
  from: FollowedBlock | undefined
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

/** limit = free + reserved + settled (+ expired, for operations of one sender). */
export type Account<unit> = { limit: unit; reserved: unit; settled: unit; free: unit }

/** Where a cap of the whole policy stands in its current window. */
export type CapUsage = {
  window: CapWindow
  /** Unix seconds; `null` is never. */
  resetsAt: number | null
  wei: Account<bigint> | undefined
  microUsd: Account<bigint> | undefined
  count: Account<number> | undefined
  /** Operations that are reserved or settled. */
  operations: number
}

/** Accounts of every policy: what is promised and what was paid. */
export type Ledger = {
  /** Reserves within every cap, in one durable transaction. */
  reserve(request: ReserveRequest): Promise<Reservation>
  /** The sponsorship of an operation, among `ids`, whose signature is good until `keepUntil` or longer. */
  find(key: OperationKey, ids: readonly Hash[], keepUntil: number): Promise<Sponsorship | undefined>
  /** The refusal that {@link Ledger.reserve} would give now. Changes nothing. */
  preview(question: CapQuestion): Promise<Refusal | undefined>
  /**
   * Keeps a signature with its reservation; the first one kept is returned, also to whoever comes later.
   * @throws ReservationGoneError when it was abandoned meanwhile: the signature must not be given out.
   */
  keepSignature(signed: Signed): Promise<Hex>
  /** Gives a reservation back of which there was never a signature. One that has or had one stays. */
  abandon(reserved: Reserved): Promise<void>
  /**
   * Applies what happened up to a block, in one transaction. Applying a block twice changes nothing.
   * @returns `undefined`, with nothing changed, when another instance moved the ledger since `from`.
   */
  advance(changes: Advance): Promise<AdvanceResult | undefined>
  /**
   * Undoes settlements and releases of blocks above `to`, which are no longer on the chain.
   * @returns Whether it was done: not when another instance moved the ledger since `from`.
   */
  rewind(chainId: number, from: FollowedBlock, to: FollowedBlock): Promise<boolean>
  /** Followed blocks, newest first. */
  followedBlocks(chainId: number): Promise<readonly FollowedBlock[]>
  /** Senders with reservations; the first `limit` of them. */
  outstandingSenders(chainId: number, limit: number): Promise<readonly Address[]>
  /** Caps of the whole policy, in the order of its document. */
  usage(policy: PolicyTerms, now: number): Promise<readonly CapUsage[]>
  paymasterAccount(of: Pick<OperationKey, 'chainId' | 'paymaster'>): Promise<PaymasterAccount>
}
