import type { Entity, UserOperation } from '@fabstir/erc4337'
import { entitiesOf } from '@fabstir/erc4337'
import type { Address } from 'viem'
import type { OperationEntity } from '../reputation/blame.ts'

/** The entities of an operation, with what its validation found about their stakes. */
export function operationEntities(
  op: UserOperation,
  record: { staked: readonly Entity[] } | undefined,
): OperationEntity[] {
  return (Object.entries(entitiesOf(op)) as [Entity, Address][]).map(([role, address]) => ({
    role,
    address,
    staked: record?.staked.includes(role) ?? false,
  }))
}
