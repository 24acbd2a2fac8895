import type { Hash, Hex } from 'viem'
import { FabstirError, type ValuesOf } from './base.ts'

/** The operation was included, but its calls reverted: nothing of them happened. */
export class UserOperationRevertedError extends FabstirError {
  override name = 'UserOperationRevertedError'
  declare hash: Hash
  /** Typed error of the contract that reverted; `undefined` when it gave no reason. */
  declare reason: Error | undefined
  declare revertData: Hex | undefined

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
      hash,
      reason,
      revertData,
      cause: reason,
      metaMessages: [
        ...(reason ? [`Reason: ${reason.shortMessage ?? reason.message}`] : []),
        `User Operation: ${hash}`,
      ],
    })
  }
}

/** The bundler no longer has the operation and it is not on chain: it will not be included. */
export class UserOperationDroppedError extends FabstirError {
  override name = 'UserOperationDroppedError'
  declare hash: Hash
  /** What the bundler said of it. */
  declare reason: string
  /** Whether a transaction with it was sent to the chain before. */
  declare broadcast: boolean

  constructor(values: ValuesOf<UserOperationDroppedError>) {
    super('The bundler dropped the User Operation.', {
      ...values,
      metaMessages: [`Reason: ${values.reason}`, `User Operation: ${values.hash}`],
    })
  }
}

/** The operation was not included in time. It may still be: ask again with the hash. */
export class UserOperationTimeoutError extends FabstirError {
  override name = 'UserOperationTimeoutError'
  declare hash: Hash

  constructor({
    timeout,
    ...values
  }: ValuesOf<UserOperationTimeoutError> & {
    /** Milliseconds. */
    timeout: number
  }) {
    super(`The User Operation was not included within ${timeout} ms.`, {
      ...values,
      metaMessages: [`User Operation: ${values.hash}`],
    })
  }
}

/**
 * The bundler never said whether it took the operation. It may still be included: ask with the hash. The same calls
 * sent once more by the same client send this operation again, never a second one.
 */
export class UserOperationUnansweredError extends FabstirError {
  override name = 'UserOperationUnansweredError'
  declare hash: Hash

  constructor(values: ValuesOf<UserOperationUnansweredError>) {
    super('The bundler did not say whether it took the User Operation.', {
      ...values,
      metaMessages: [`User Operation: ${values.hash}`],
    })
  }
}

/** Operations that came before in the same nonce lane are still being signed or sent. Nothing was signed. */
export class NonceLaneBusyError extends FabstirError {
  override name = 'NonceLaneBusyError'
  /** From 0. */
  declare lane: number
  /** Milliseconds that were waited. */
  declare timeout: number

  constructor(values: ValuesOf<NonceLaneBusyError>) {
    const { lane, timeout } = values
    super(
      `The operations before it in nonce lane ${lane} were not sent within ${timeout} ms.`,
      values,
    )
  }
}

/** The EntryPoint refused the operation in validation. */
export class EntryPointRefusedError extends FabstirError {
  override name = 'EntryPointRefusedError'
  /** Like 'AA21'. */
  declare aaCode: string
  /** ERC-7769 error code. */
  declare code: number
  /** What the account, factory or paymaster reverted with, when it did. */
  declare reason: Error | undefined

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
      aaCode,
      code,
      reason,
      cause,
      metaMessages: reason && [`Reason: ${reason.shortMessage ?? reason.message}`],
    })
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
