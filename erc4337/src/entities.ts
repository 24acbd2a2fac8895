import type { Address } from 'viem'
import { eip7702FactoryMarker } from './constants.ts'
import type { UserOperation } from './userOperation.ts'

/** The contracts that ERC-7562 holds responsible for an operation. */
export type Entity = 'account' | 'factory' | 'paymaster' | 'aggregator'

/** What an entity has staked in the EntryPoint. */
export type StakeInfo = {
  address: Address
  /** Wei. */
  stake: bigint
  /** Seconds. */
  unstakeDelaySec: bigint
}

/** Address of each entity of `op`. The EIP-7702 marker is no factory. */
export function entitiesOf(op: UserOperation): {
  account: Address
  factory?: Address
  paymaster?: Address
} {
  return {
    account: op.sender,
    ...(op.factory && op.factory !== eip7702FactoryMarker ? { factory: op.factory } : {}),
    ...(op.paymaster ? { paymaster: op.paymaster } : {}),
  }
}

/** The entity that an `AA..` code of the EntryPoint accuses; `undefined` for codes that accuse none. */
export function accusedEntity(aaCode: string): Entity | undefined {
  switch (aaCode.slice(0, 3)) {
    case 'AA1':
      return 'factory'
    case 'AA2':
      return 'account'
    case 'AA3':
    case 'AA5':
      return 'paymaster'
    default:
      return undefined
  }
}
