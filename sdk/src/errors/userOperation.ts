import type { Hash, Hex } from 'viem'
import { FabstirError } from './base.ts'

/** The operation was included, but its calls reverted: nothing of them happened. */
export class UserOperationRevertedError extends FabstirError {
  override name = 'UserOperationRevertedError'
  hash: Hash
  /** Typed error of the contract that reverted; `undefined` when it gave no reason. */
  reason: Error | undefined
  revertData: Hex | undefined

  constructor({
    hash,
    reason,
    revertData,
  }: {
    hash: Hash
    reason: (Error & { shortMessage?: string | undefined }) | undefined
    revertData: Hex | undefined
  }) {
    super('The calls of the User Operation reverted.', {
      cause: reason,
      metaMessages: [
        ...(reason ? [`Reason: ${reason.shortMessage ?? reason.message}`] : []),
        `User Operation: ${hash}`,
      ],
    })
    this.hash = hash
    this.reason = reason
    this.revertData = revertData
  }
}

/** The bundler no longer has the operation and it is not on chain: it will not be included. */
export class UserOperationDroppedError extends FabstirError {
  override name = 'UserOperationDroppedError'
  hash: Hash
  /** What the bundler said of it. */
  reason: string
  /** Whether a transaction with it was sent to the chain before. */
  broadcast: boolean

  constructor({ hash, reason, broadcast }: { hash: Hash; reason: string; broadcast: boolean }) {
    super('The bundler dropped the User Operation.', {
      metaMessages: [`Reason: ${reason}`, `User Operation: ${hash}`],
    })
    this.hash = hash
    this.reason = reason
    this.broadcast = broadcast
  }
}

/** The operation was not included in time. It may still be: ask again with the hash. */
export class UserOperationTimeoutError extends FabstirError {
  override name = 'UserOperationTimeoutError'
  hash: Hash

  constructor({
    hash,
    timeout,
    cause,
  }: { hash: Hash; timeout: number; cause?: Error | undefined }) {
    super(`The User Operation was not included within ${timeout} ms.`, {
      cause,
      metaMessages: [`User Operation: ${hash}`],
    })
    this.hash = hash
  }
}

/**
 * The bundler never said whether it took the operation. It may still be included: ask with the hash. The same calls
 * sent once more by the same client send this operation again, never a second one.
 */
export class UserOperationUnansweredError extends FabstirError {
  override name = 'UserOperationUnansweredError'
  hash: Hash

  constructor({ hash, cause }: { hash: Hash; cause?: Error | undefined }) {
    super('The bundler did not say whether it took the User Operation.', {
      cause,
      metaMessages: [`User Operation: ${hash}`],
    })
    this.hash = hash
  }
}

/** Operations that came before in the same nonce lane are still being signed or sent. Nothing was signed. */
export class NonceLaneBusyError extends FabstirError {
  override name = 'NonceLaneBusyError'
  /** From 0. */
  lane: number
  /** Milliseconds that were waited. */
  timeout: number

  constructor({ lane, timeout, cause }: { lane: number; timeout: number; cause?: Error }) {
    super(`The operations before it in nonce lane ${lane} were not sent within ${timeout} ms.`, {
      cause,
    })
    this.lane = lane
    this.timeout = timeout
  }
}

/** The EntryPoint refused the operation in validation. */
export class EntryPointRefusedError extends FabstirError {
  override name = 'EntryPointRefusedError'
  /** Like 'AA21'. */
  aaCode: string
  /** ERC-7769 error code. */
  code: number
  /** What the account, factory or paymaster reverted with, when it did. */
  reason: Error | undefined

  constructor({
    aaCode,
    code,
    reason,
    cause,
  }: {
    aaCode: string
    code: number
    reason?: (Error & { shortMessage?: string | undefined }) | undefined
    cause?: Error | undefined
  }) {
    super(`${entryPointRefusals[aaCode] ?? 'The EntryPoint refused the operation'} (${aaCode}).`, {
      cause,
      metaMessages: reason && [`Reason: ${reason.shortMessage ?? reason.message}`],
    })
    this.aaCode = aaCode
    this.code = code
    this.reason = reason
  }
}

/** The refusals that operations of this package can meet; docs/errors.md has all (EntryPoint 0.6 to 0.9). */
const entryPointRefusals: { readonly [aaCode: string]: string } = {
  AA10: 'The account exists already, but the operation deploys it',
  AA13: 'The factory reverted or ran out of gas',
  AA21: 'The account does not pay what the operation may cost',
  AA22: 'The signature has expired or is not yet valid',
  AA23: 'The account refused the operation',
  AA24: 'The signature is not one of the account',
  AA25: 'The nonce is not the next one of its key',
  AA31: "The paymaster's deposit is too low",
  AA32: "The paymaster's approval has expired or is not yet valid",
  AA33: 'The paymaster refused the operation',
  AA34: "The paymaster's signature is not valid",
}
