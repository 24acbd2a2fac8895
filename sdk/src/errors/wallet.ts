import { type Address, type Hash, stringify } from 'viem'
import { FabstirError, type ValuesOf } from './base.ts'

type Cause = { cause?: Error | undefined }

/** The wallet would send the calls one by one: part of them could happen without the rest. Nothing was sent. */
export class WalletNotAtomicError extends FabstirError {
  override name = 'WalletNotAtomicError'
  declare account: Address
  /** How many calls should have been one. */
  declare calls: number

  constructor(values: ValuesOf<WalletNotAtomicError>) {
    super(`The wallet of ${values.account} does not send ${values.calls} calls as one.`, {
      ...values,
      metaMessages: [
        'Its capability `atomic` (EIP-5792) is missing or unsupported for this chain, or its user refused the upgrade.',
        'An action that takes a token approves it first, so it is two calls; one that takes ETH is one.',
      ],
    })
  }
}

/** The wallet does not let an app's paymaster service pay (ERC-7677). Nothing was sent. */
export class WalletNotSponsoredError extends FabstirError {
  override name = 'WalletNotSponsoredError'
  declare account: Address

  constructor(values: ValuesOf<WalletNotSponsoredError>) {
    super(`The wallet of ${values.account} takes no paymaster service on this chain.`, {
      ...values,
      metaMessages: [
        'Leave `paymasterService` out, or mark it `optional`, and the account pays itself.',
      ],
    })
  }
}

/** The user said no. Nothing was sent. */
export class WalletRejectedError extends FabstirError {
  override name = 'WalletRejectedError'

  constructor({ cause }: Cause = {}) {
    super('The user of the wallet refused.', { cause })
  }
}

/** The wallet gave no account to send from. */
export class WalletAccountNotFoundError extends FabstirError {
  override name = 'WalletAccountNotFoundError'

  constructor() {
    super('The wallet gave no account.', {
      metaMessages: ['Pass one of its accounts as `account`.'],
    })
  }
}

/** The wallet does not know a method of EIP-5792. */
export class WalletMethodNotSupportedError extends FabstirError {
  override name = 'WalletMethodNotSupportedError'
  declare method: string

  constructor(values: ValuesOf<WalletMethodNotSupportedError>) {
    super(`The wallet has no ${values.method}.`, {
      ...values,
      metaMessages: [
        'Wallets without EIP-5792 can own a Fabstir account: toFabstirAccount({ owner: wallet }).',
      ],
    })
  }
}

/** The wallet does not work on the chain of the contracts. */
export class WalletChainNotSupportedError extends FabstirError {
  override name = 'WalletChainNotSupportedError'
  declare chainId: number

  constructor(values: ValuesOf<WalletChainNotSupportedError>) {
    super(`The wallet does not support chain ${values.chainId}.`, values)
  }
}

/** The wallet refused for a reason that has no class of its own. */
export class WalletRefusedError extends FabstirError {
  override name = 'WalletRefusedError'
  declare method: string
  /** Of JSON-RPC, EIP-1193 or EIP-5792. */
  declare code: number

  constructor(values: ValuesOf<WalletRefusedError>) {
    super(`The wallet refused ${values.method} (${values.code}).`, values)
  }
}

/** The wallet gave an answer that makes no sense. Nothing of it was used. */
export class WalletAnswerError extends FabstirError {
  override name = 'WalletAnswerError'
  declare method: string
  /** What it answered. */
  declare answer: unknown

  constructor(values: ValuesOf<WalletAnswerError>) {
    super(`The answer of the wallet to ${values.method} makes no sense.`, {
      ...values,
      details: `${stringify(values.answer)}`.slice(0, 200),
    })
  }
}

/** What the wallet took will not be on chain any more, or is there without effect. */
export class WalletCallsFailedError extends FabstirError {
  override name = 'WalletCallsFailedError'
  /** The wallet's name for the calls. */
  declare callsId: string
  /** Status of EIP-5792: 400 never sent, 500 reverted as a whole, 600 in part; 5730 when the wallet forgot them. */
  declare status: number
  /** Of the transactions with the calls. */
  declare transactionHashes: readonly Hash[]
  /** Typed error of the contract that reverted, where the logs tell it. */
  declare reason: Error | undefined

  constructor({
    callsId,
    status,
    transactionHashes = [],
    reason,
    cause,
  }: {
    callsId: string
    status: number
    transactionHashes?: readonly Hash[] | undefined
    reason?: (Error & { shortMessage?: string | undefined }) | undefined
  } & Cause) {
    super(`The calls of the wallet ${outcomes[Math.floor(status / 100)] ?? 'failed'}.`, {
      callsId,
      status,
      transactionHashes,
      reason,
      cause: cause ?? reason,
      metaMessages: [
        ...(reason ? [`Reason: ${reason.shortMessage ?? reason.message}`] : []),
        `Calls: ${callsId}`,
        `Status: ${status}`,
      ],
    })
  }
}

const outcomes: Readonly<Record<number, string>> = {
  4: 'were not sent',
  5: 'reverted',
  6: 'reverted in part',
  57: 'are not known to it any more',
}

/**
 * Sending failed on its way, and the wallet did not say whether it has the calls. They may still be sent, or be on
 * chain: ask the wallet for their status before they are sent again.
 */
export class WalletUnansweredError extends FabstirError {
  override name = 'WalletUnansweredError'
  /** Name of the calls. */
  callsId: string

  constructor({ callsId, cause }: { callsId: string } & Cause) {
    super('The wallet did not say whether it took the calls.', {
      cause,
      metaMessages: [`Calls: ${callsId}`],
    })
    this.callsId = callsId
  }
}

/**
 * The wallet gave no final answer in time. With a `callsId`, the calls may still be sent, or be on chain: ask the wallet
 * for their status.
 */
export class WalletTimeoutError extends FabstirError {
  override name = 'WalletTimeoutError'
  declare method: string
  /** Name of the calls; `undefined` when none were sent. */
  declare callsId: string | undefined

  constructor({
    method,
    callsId,
    timeout,
    cause,
  }: { method: string; callsId?: string | undefined; timeout: number } & Cause) {
    super(`The wallet gave no final answer to ${method} within ${timeout} ms.`, {
      method,
      callsId,
      cause,
      metaMessages: callsId === undefined ? [] : [`Calls: ${callsId}`],
    })
  }
}
