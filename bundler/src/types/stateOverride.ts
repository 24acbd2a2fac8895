import type { Address, Hex } from 'viem'

/** State that an `eth_call` sees in place of the chain's. */
export type StateOverride = Record<
  Address,
  {
    balance?: Hex
    nonce?: Hex
    code?: Hex
    state?: Record<Hex, Hex>
    stateDiff?: Record<Hex, Hex>
  }
>
