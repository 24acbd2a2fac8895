import type { Entity } from '@fabstir/erc4337'
import { entitiesOf } from '@fabstir/erc4337'
import type { Address } from 'viem'
import type { PooledOperation } from '../types/pooledOperation.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import type { StakePolicy } from '../types/stakePolicy.ts'
import type { MempoolEntry } from './entry.ts'
import { depositCovers } from './paymasterDeposits.ts'
import { canReplace, REPLACEMENT_BUMP_PERCENT, replacementFees } from './replacement.ts'
import type { Roles } from './tally.ts'
import { helperPayers } from './tally.ts'

export type MempoolLimits = {
  /** Operations in the pool, in-flight ones included. */
  maxOperations: number
  /** Told to whom a stake would free of a limit. */
  stakePolicy: StakePolicy
}

/** Most operations that the pool holds with an entity of the new one, by a rule of ERC-7562. */
export type EntityQuota = {
  role: Entity
  address: Address
  /** Operations, the new one included. */
  limit: number
  rule: 'GREP-020' | 'UREP-010' | 'UREP-020'
}

/** What the pool, without the operation that is replaced, holds of the entities of the new one. */
export type AdmissionContext = {
  limits: MempoolLimits
  quotas: readonly EntityQuota[]
  /** Operations that have the address as an entity. */
  countOf: (address: Address) => number
  rolesOf: (address: Address) => Roles
  /** Operations for which the address, no entity of theirs, pays the EntryPoint. */
  paidBy: (address: Address) => number
  /** The operation with the same sender and nonce. */
  replaced: MempoolEntry | undefined
  /** Wei; absent without paymaster. */
  paymasterDeposit?: { deposit: bigint; reserved: bigint }
}

/** Decides whether a valid operation gets a place. @throws RpcError naming the rule and its numbers. */
export function checkAdmission(operation: PooledOperation, context: AdmissionContext): void {
  if (context.replaced) checkReplacement(operation, context.replaced)
  checkRoles(operation, context)
  checkPayers(operation, context)
  checkQuotas(context)
  checkDeposit(operation, context)
}

/** [STO-040] The account of one operation is not factory or paymaster of another one. */
function checkRoles({ op }: PooledOperation, { rolesOf }: AdmissionContext): void {
  const { account, ...others } = entitiesOf(op)
  const conflict = (entity: Entity, address: Address, as: string) =>
    new RpcError(
      rpcErrorCode.opcodeViolation,
      `${entity} ${address} is used as a ${as} entity in another UserOperation currently in mempool`,
      { rule: 'STO-040', entity, address },
    )
  if (rolesOf(account).other > 0) throw conflict('account', account, 'different')
  for (const [entity, address] of Object.entries(others) as [Entity, Address][]) {
    if (rolesOf(address).sender > 0) throw conflict(entity, address, 'sender')
  }
}

/** [OP-053] A balance that validation spends pays for one operation: including one must not invalidate others. */
function checkPayers(operation: PooledOperation, { paidBy }: AdmissionContext): void {
  for (const payer of helperPayers(operation)) {
    if (paidBy(payer) === 0) continue
    throw new RpcError(
      rpcErrorCode.opcodeViolation,
      `account lets ${payer} pay the EntryPoint, as another UserOperation currently in mempool does [OP-053]`,
      { rule: 'OP-053', entity: 'account', address: operation.op.sender, contract: payer },
    )
  }
}

function checkQuotas({ quotas, countOf, limits }: AdmissionContext): void {
  for (const { role, address, limit, rule } of quotas) {
    const pending = countOf(address)
    if (pending < limit) continue
    const data = { rule, entity: role, address, [role]: address, limit, pending }
    if (rule === 'GREP-020') {
      throw new RpcError(
        rpcErrorCode.throttledOrBanned,
        `${role} ${address} is throttled to ${limit} pending operations`,
        { ...data, status: 'throttled' },
      )
    }
    const { minStake, minUnstakeDelay } = limits.stakePolicy
    throw new RpcError(
      rpcErrorCode.stakeTooLow,
      `${role} ${address} is unstaked and has ${pending} pending operations, the most it may have`,
      { ...data, minimumStake: minStake, minimumUnstakeDelay: minUnstakeDelay },
    )
  }
}

/** [EREP-010] */
function checkDeposit(operation: PooledOperation, { paymasterDeposit }: AdmissionContext): void {
  if (!paymasterDeposit) return
  const { deposit, reserved } = paymasterDeposit
  if (depositCovers(deposit, reserved, operation.prefund)) return
  throw new RpcError(
    rpcErrorCode.paymasterDepositTooLow,
    'AA31 paymaster deposit too low for its pending operations',
    {
      rule: 'EREP-010',
      paymaster: operation.op.paymaster,
      deposit: deposit.toString(),
      reserved: reserved.toString(),
      required: operation.prefund.toString(),
    },
  )
}

function checkReplacement({ op }: PooledOperation, replaced: MempoolEntry): void {
  if (replaced.state === 'inFlight') {
    throw new RpcError(
      rpcErrorCode.invalidParams,
      `operation ${replaced.hash} with this nonce is already on its way to the chain`,
      { rule: 'replacementInFlight', pending: replaced.hash },
    )
  }
  if (canReplace(replaced.op, op)) return
  const least = replacementFees(replaced.op)
  throw new RpcError(
    rpcErrorCode.invalidParams,
    `replacement underpriced: both fees must rise by ${REPLACEMENT_BUMP_PERCENT} %`,
    {
      rule: 'replacementUnderpriced',
      pending: replaced.hash,
      maxFeePerGas: `0x${least.maxFeePerGas.toString(16)}`,
      maxPriorityFeePerGas: `0x${least.maxPriorityFeePerGas.toString(16)}`,
    },
  )
}

/** @param least Wei per gas that would have been enough; absent when nothing can make place. */
export function mempoolFull(limit: number, least?: bigint): RpcError {
  const remedy = least === undefined ? '' : `, an effective gas price of ${least} wei takes a place`
  return new RpcError(
    rpcErrorCode.throttledOrBanned,
    `the mempool is full (${limit} operations)${remedy}`,
    { rule: 'mempoolFull', limit, ...(least !== undefined && { effectiveGasPrice: least }) },
  )
}
