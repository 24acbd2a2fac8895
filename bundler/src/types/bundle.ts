import type { Address, Hex } from 'viem'

/** A block as far as reorgs are concerned. */
export type BlockRef = { number: number; hash: Hex }

/** One signed transaction of a bundle. All transactions of a bundle share executor and nonce. */
export type BundleTransaction = {
  hash: Hex
  /** Signed bytes: sending them again after a crash cannot include anything twice. */
  raw: Hex
  /** Wei per gas. */
  maxFeePerGas: bigint
  /** Wei per gas. */
  maxPriorityFeePerGas: bigint
  /** Hashes of the operations it carries; empty for a cancellation. */
  operations: Hex[]
}

/** Operations on their way to the chain, by one nonce of one executor. */
export type Bundle = {
  /** `executor:nonce`, because the nonce is what makes the transactions exclude each other. */
  id: string
  entryPoint: Address
  executor: Address
  nonce: number
  /** Hashes of all operations that any transaction of the bundle carries. */
  operations: Hex[]
  transactions: BundleTransaction[]
  /** Unix milliseconds. */
  createdAt: number
  /** Head when the last transaction was made. */
  sentAtBlock: number
  /** Block at which the nonce was seen consumed; absent while in flight. */
  settledIn?: BlockRef
}

export function bundleId(executor: Address, nonce: number): string {
  return `${executor}:${nonce}`
}
