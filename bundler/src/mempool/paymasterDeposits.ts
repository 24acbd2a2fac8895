import type { Address, Hex } from 'viem'

export type DepositClaim = {
  hash: Hex
  entryPoint: Address
  paymaster: Address | undefined
  /** Wei. */
  prefund: bigint
}

/**
 * Wei of a paymaster's deposit that pooled and in-flight operations may use up.
 * @param except The operation that a new one replaces: its claim ends with it.
 */
export function reservedDeposit(
  claims: Iterable<DepositClaim>,
  entryPoint: Address,
  paymaster: Address,
  except?: Hex,
): bigint {
  let reserved = 0n
  for (const claim of claims) {
    if (claim.hash === except || claim.entryPoint !== entryPoint) continue
    if (claim.paymaster === paymaster) reserved += claim.prefund
  }
  return reserved
}

/** [EREP-010] The deposit must cover all pooled operations of the paymaster together. */
export function depositCovers(deposit: bigint, reserved: bigint, prefund: bigint): boolean {
  return deposit >= reserved + prefund
}
