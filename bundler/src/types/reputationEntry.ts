import type { Address } from 'viem'

/** [ERC-7562] Counters of one entity at one EntryPoint, as they were in a certain hour. */
export type ReputationEntry = {
  entryPoint: Address
  address: Address
  /** Valid operations with this entity that were received. */
  opsSeen: bigint
  /** Those of them that reached the chain. */
  opsIncluded: bigint
  /** Hours since 1970: the counters are decayed up to here. */
  hour: number
}
