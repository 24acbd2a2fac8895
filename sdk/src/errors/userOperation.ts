import type { Hash, Hex } from 'viem'
import { FabstirError, type ValuesOf } from './base.ts'

/** What happened to an operation after it was signed. */
class SignedOperationError extends FabstirError {
  declare hash: Hash

  constructor(
    shortMessage: string,
    {
      metaMessages = [],
      ...values
    }: { hash: Hash; cause?: Error | undefined; metaMessages?: string[] | undefined } & Readonly<
      Record<string, unknown>
    >,
  ) {
    super(shortMessage, {
      ...values,
      metaMessages: [...metaMessages, `User Operation: ${values.hash}`],
    })
  }
}

/** The operation was included, but its calls reverted: nothing of them happened. */
export class UserOperationRevertedError extends SignedOperationError {
  override name = 'UserOperationRevertedError'
  /** Typed error of the contract that reverted; `undefined` when it gave no reason. */
  declare reason: Error | undefined
  declare revertData: Hex | undefined

  constructor({
    hash,
    reason,
    revertData,
  }: {
    hash: Hash
    reason: (Error & { shortMessage?: string }) | undefined
    revertData: Hex | undefined
  }) {
    super('The calls of the User Operation reverted.', {
      hash,
      reason,
      revertData,
      cause: reason,
      metaMessages: reason && [`Reason: ${reason.shortMessage ?? reason.message}`],
    })
  }
}

/**
 * The bundler no longer has the operation and it is not on chain. Another bundler may have it: the same calls sent once
 * more by the same client get its nonce, so that one of both is included.
 */
export class UserOperationDroppedError extends SignedOperationError {
  override name = 'UserOperationDroppedError'
  /** What the bundler said of it. */
  declare reason: string
  /** Whether a transaction with it was sent to the chain before. */
  declare broadcast: boolean

  constructor(values: ValuesOf<UserOperationDroppedError>) {
    super('The bundler dropped the User Operation.', {
      ...values,
      metaMessages: [`Reason: ${values.reason}`],
    })
  }
}

/** The operation was not included in time. It may still be: ask again with the hash. */
export class UserOperationTimeoutError extends SignedOperationError {
  override name = 'UserOperationTimeoutError'

  constructor({
    timeout,
    ...values
  }: ValuesOf<UserOperationTimeoutError> & {
    /** Milliseconds. */
    timeout: number
  }) {
    super(`The User Operation was not included within ${timeout} ms.`, values)
  }
}

/**
 * The bundler never said whether it took the operation. It may still be included: ask with the hash. The same calls
 * sent once more by the same client send this operation again, never a second one.
 */
export class UserOperationUnansweredError extends SignedOperationError {
  override name = 'UserOperationUnansweredError'

  constructor(values: ValuesOf<UserOperationUnansweredError>) {
    super('The bundler did not say whether it took the User Operation.', values)
  }
}

/**
 * Operations that came before in the same nonce lane are still being signed or sent, or have not ended: then the cause
 * is a {@link UserOperationTimeoutError} with the hash of that one. Nothing was signed.
 */
export class NonceLaneBusyError extends FabstirError {
  override name = 'NonceLaneBusyError'
  /** From 0; of several that were waited for, the first. */
  declare lane: number
  /** Milliseconds that were waited. */
  declare timeout: number

  constructor(values: ValuesOf<NonceLaneBusyError>) {
    const { lane, timeout } = values
    super(
      `The operations before it in nonce lane ${lane} were not done within ${timeout} ms.`,
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
