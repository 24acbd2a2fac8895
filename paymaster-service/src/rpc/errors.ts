import { jsonRpcErrorCode, RpcError } from '@fabstir/service/rpcError'
import { NodeUnavailableError } from '../chain/chainReader.ts'
import { BundlerUnavailableError, EstimateRefusedError } from '../estimate/bundlerEstimate.ts'
import { ReservationGoneError } from '../ledger/errors.ts'
import { SignerUnavailableError } from '../signing/paymasterSigners.ts'
import type { PolicyRefusal } from '../sponsorship/errors.ts'
import {
  NotFollowingError,
  OperationIncompleteError,
  SponsorshipRefusedError,
} from '../sponsorship/errors.ts'
import { StoreUnavailableError } from '../store/errors.ts'

export { RpcError } from '@fabstir/service/rpcError'

/** JSON-RPC 2.0, and what this service adds. */
export const rpcErrorCode = {
  ...jsonRpcErrorCode,
  refused: -32010,
  badApiKey: -32011,
} as const

export type JsonRpcError = { code: number; message: string; data?: unknown }

/** The one table from errors to JSON-RPC. What it does not know is internal and shows nothing. */
export function toJsonRpcError(error: unknown): JsonRpcError {
  if (error instanceof RpcError) {
    const { code, message, data } = error
    return { code, message, ...(data === undefined ? {} : { data }) }
  }
  if (error instanceof SponsorshipRefusedError) {
    const [first, ...others] = error.refusals
    return {
      code: rpcErrorCode.refused,
      message: error.message,
      data: {
        ...refusalData(first),
        ...(others.length === 0 ? {} : { others: others.map(refusalData) }),
      },
    }
  }
  if (error instanceof OperationIncompleteError) {
    const { message, field } = error
    return { code: rpcErrorCode.invalidParams, message, data: { field } }
  }
  if (error instanceof NodeUnavailableError || error instanceof NotFollowingError) {
    return {
      code: rpcErrorCode.nodeUnavailable,
      message: error.message,
      data: { reason: 'nodeUnavailable' },
    }
  }
  if (error instanceof SignerUnavailableError || error instanceof ReservationGoneError) {
    return {
      code: rpcErrorCode.nodeUnavailable,
      message: error.message,
      data: { reason: 'signerUnavailable' },
    }
  }
  if (error instanceof EstimateRefusedError) {
    // The bundler's own words: they say what is wrong with the operation.
    const { code, message, data } = error
    return { code, message, ...(data === undefined ? {} : { data }) }
  }
  if (error instanceof BundlerUnavailableError) {
    return {
      code: rpcErrorCode.nodeUnavailable,
      message: error.message,
      data: { reason: 'bundlerUnavailable' },
    }
  }
  if (error instanceof StoreUnavailableError) {
    return {
      code: rpcErrorCode.nodeUnavailable,
      // Its own message has the address of the database.
      message: 'the store does not answer',
      data: { reason: 'storeUnavailable' },
    }
  }
  return { code: rpcErrorCode.internal, message: 'internal error' }
}

/** Wei as decimal text; `null` where a rule has no such number. */
function refusalData({ rule, remaining, resetsAt, policyId }: PolicyRefusal) {
  return {
    rule,
    remaining: remaining === undefined ? null : `${remaining}`,
    resetsAt: resetsAt ?? null,
    policyId: policyId ?? null,
  }
}
