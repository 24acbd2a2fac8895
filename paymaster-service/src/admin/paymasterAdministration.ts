import type { Address } from 'viem'

/** Where one paymaster stands. Wei are decimal text. */
export type PaymasterStatus = {
  entryPoint: Address
  paymaster: Address
  /** `token`: a TokenPaymaster, which signs nothing here. */
  kind: 'sponsor' | 'token'
  /** `retiring`: operations that it signed may still come; `retired`: none can. */
  state: 'active' | 'retiring' | 'retired'
  /** The signers of the contract, and which of them are live here. */
  signers: readonly Address[]
  liveSigners: readonly Address[]
  /** The key that signs now. */
  signsWith: Address | null
  depositWei: string
  stakeWei: string
  reservedWei: string
  /** Deposit that is not promised to anybody. */
  freeWei: string
  /** Unix seconds at which its last signature ends that may still be charged. */
  lastValidUntil: number | null
}

/** What a paymaster's contract says, and which of its signers are live here. */
export type ExaminedPaymaster = {
  entryPoint: Address
  signers: readonly Address[]
  liveSigners: readonly Address[]
  deposit: bigint
  /** Whether it takes signatures outside of the hash; `undefined` when it answers as no SponsorPaymaster does. */
  takesParallelSignatures: boolean | undefined
}

/** Paymasters of a running service. */
export type PaymasterAdministration = {
  chainId: number
  status(): Promise<PaymasterStatus[]>
  /** Of the options; `undefined` for an EntryPoint that is not served. */
  configured(entryPoint: Address): Address | undefined
  /** The paymaster that signs for an EntryPoint that is served, and whether apps may ask for parallel signing. */
  active(entryPoint: Address): { paymaster: Address; parallelSigning: boolean }
  /** `undefined` for what is no SponsorPaymaster. */
  examine(paymaster: Address): Promise<ExaminedPaymaster | undefined>
  /** Reads again what a change has written. */
  refresh(): Promise<void>
}
