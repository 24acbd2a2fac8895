import type { Entity, EntryPointRevert } from '@fabstir/erc4337'
import { accusedEntity } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { revertReason } from '../chain/revertReason.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'

/** Machine-readable part of a rejection. */
export type RejectionData = {
  /** `AA..` code of the EntryPoint, where it gave one. */
  aaCode?: string
  /** Revert bytes of the entity; without any, those of the EntryPoint. */
  revertData: Hex
  /** Who is to blame. */
  entity?: Entity
}

/** [ERC-7769] Codes of `AA..` reasons that do not follow from the first digit. */
const codeOfReason: Record<string, number> = {
  AA22: rpcErrorCode.timeRange,
  AA24: rpcErrorCode.invalidSignature,
  AA27: rpcErrorCode.timeRange,
  AA31: rpcErrorCode.paymasterDepositTooLow,
  AA32: rpcErrorCode.timeRange,
  AA34: rpcErrorCode.invalidSignature,
  AA37: rpcErrorCode.timeRange,
}

/**
 * The JSON-RPC error for a revert of the EntryPoint during validation (ERC-7769).
 * @param data Revert bytes that `revert` was decoded from.
 */
export function rejectionOf(revert: EntryPointRevert, data: Hex): RpcError {
  const reason = reasonOf(revert)
  const aaCode = /^AA\d\d/.exec(reason)?.[0]
  const entity = aaCode ? accusedEntity(aaCode) : undefined
  const rejection: RejectionData = {
    ...(aaCode ? { aaCode } : {}),
    revertData: revert.kind === 'failedOp' ? (revert.inner ?? data) : data,
    ...(entity ? { entity } : {}),
  }
  const code =
    revert.kind === 'aggregator' ? rpcErrorCode.unsupportedAggregator : codeOf(aaCode, entity)
  return new RpcError(code, reason, rejection)
}

function codeOf(aaCode: string | undefined, entity: Entity | undefined): number {
  const specific = aaCode ? codeOfReason[aaCode] : undefined
  if (specific !== undefined) return specific
  return entity === 'paymaster' ? rpcErrorCode.paymasterRejected : rpcErrorCode.validationRejected
}

function reasonOf(revert: EntryPointRevert): string {
  switch (revert.kind) {
    case 'failedOp':
      return withText(revert.reason, revert.inner)
    case 'message':
      return revert.message
    case 'aggregator':
      return 'signature aggregators are not supported'
    case 'unknown':
      return 'validation reverted without a reason of the EntryPoint'
  }
}

/** Characters of an entity's text that a message repeats: it may be as long as the entity likes. */
const MAX_TEXT = 200

function withText(reason: string, inner: Hex | undefined): string {
  if (inner === undefined) return reason
  const text = revertReason(inner)
  return text === inner ? reason : `${reason}: ${text.slice(0, MAX_TEXT)}`
}
