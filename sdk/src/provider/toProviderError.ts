import {
  BaseError,
  ChainDisconnectedError,
  InternalRpcError,
  InvalidParamsRpcError,
  isHex,
  LimitExceededRpcError,
  ProviderDisconnectedError,
  ResourceUnavailableRpcError,
  RpcError,
  TransactionRejectedRpcError,
  UnsupportedProviderMethodError,
  UserRejectedRequestError,
} from 'viem'
import { AmountError, TokenMismatchError } from '../errors/amount.ts'
import { FabstirError } from '../errors/base.ts'
import { ContractRevertedError } from '../errors/contract.ts'
import { causes, findRpcFailure } from '../errors/rpcError.ts'
import {
  OwnerNotFoundError,
  SessionGrantInvalidError,
  SessionKeySigningError,
  SessionKeysNotSupportedError,
  SessionPolicyInvalidError,
  SessionScopeError,
} from '../errors/session.ts'
import {
  BundlerUnreachableError,
  ChainMismatchError,
  MalformedAnswerError,
  NodeUnavailableError,
  PaymasterUnreachableError,
  RateLimitedError,
} from '../errors/transport.ts'
import { NonceLaneBusyError, UserOperationRevertedError } from '../errors/userOperation.ts'
import { isForApps, reason } from './reason.ts'

type RpcErrorClass = new (cause: Error) => RpcError<number>

/** Errors of this package by what EIP-1193 and EIP-1474 call them; the first that fits. */
const table: readonly (readonly [RpcErrorClass, readonly (new (...args: never) => Error)[]])[] = [
  [ProviderDisconnectedError, [BundlerUnreachableError, NodeUnavailableError]],
  [ChainDisconnectedError, [ChainMismatchError]],
  [ResourceUnavailableRpcError, [PaymasterUnreachableError, NonceLaneBusyError]],
  [LimitExceededRpcError, [RateLimitedError]],
  [InternalRpcError, [MalformedAnswerError]],
  [
    UnsupportedProviderMethodError,
    [OwnerNotFoundError, SessionKeySigningError, SessionKeysNotSupportedError],
  ],
  [
    InvalidParamsRpcError,
    [
      ...[SessionPolicyInvalidError, SessionScopeError, SessionGrantInvalidError],
      ...[AmountError, TokenMismatchError],
    ],
  ],
  [TransactionRejectedRpcError, [FabstirError]],
]

/** Code of geth and those that follow it for a call that reverted, with the revert bytes as data. */
const executionReverted = 3

/**
 * What an app is told of an error. It holds no causes: those name the addresses of the wallet's services, with API keys.
 */
export function toProviderError(error: unknown): RpcError<number> {
  if (isForApps(error)) return error
  if (isUserRejection(error)) return new UserRejectedRequestError(summaryOf(error))
  const revertData = findRevertData(error)
  if (revertData !== undefined) {
    const reverted = new RpcError(summaryOf(error), {
      code: executionReverted,
      name: 'ExecutionRevertedError',
      shortMessage: 'execution reverted',
    })
    return Object.assign(reverted, { data: revertData })
  }
  for (const link of causes(error))
    for (const [RpcErrorOf, classes] of table)
      if (classes.some((one) => link instanceof one))
        return Object.assign(new RpcErrorOf(summaryOf(link)), hashOf(link))
  return fromNode(error) ?? new InternalRpcError(summaryOf(error))
}

/** A wallet's or an authenticator's user said no to a signature. */
function isUserRejection(error: unknown): boolean {
  for (const link of causes(error)) {
    if ('code' in link && link.code === UserRejectedRequestError.code) return true
    if (link.name === 'NotAllowedError') return true
  }
  return false
}

function findRevertData(error: unknown) {
  for (const link of causes(error)) {
    if (link instanceof UserOperationRevertedError) return link.revertData ?? '0x'
    if (link instanceof ContractRevertedError) return link.data
  }
  return undefined
}

/** Of an operation that may still be included: what was sent is not to be sent again. */
function hashOf(error: object) {
  return 'hash' in error && isHex(error.hash) ? { data: { userOperationHash: error.hash } } : {}
}

/** What a node answered to a question that was passed on to it. */
function fromNode(error: unknown): RpcError<number> | undefined {
  const failure = findRpcFailure(error)
  if (!failure) return undefined
  const { code, message, data, revertData } = failure
  const passed = new RpcError(reason(message), { code, shortMessage: message })
  return Object.assign(passed, { data: revertData ?? data })
}

/** The error's own sentence, without its causes. */
function summaryOf(error: unknown): Error {
  if (error instanceof BaseError) return reason(error.shortMessage)
  return reason(error instanceof Error ? error.name : 'Unknown error')
}
