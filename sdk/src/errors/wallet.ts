import { type Address, type Hash, stringify } from 'viem'
import { FabstirError } from './base.ts'

type Cause = { cause?: Error | undefined }

/** The wallet would send the calls one by one: part of them could happen without the rest. Nothing was sent. */
export class WalletNotAtomicError extends FabstirError {
  override name = 'WalletNotAtomicError'
  account: Address
  /** How many calls should have been one. */
  calls: number

  constructor({ account, calls, cause }: { account: Address; calls: number } & Cause) {
    super(`The wallet of ${account} does not send ${calls} calls as one.`, {
      cause,
      metaMessages: [
        'Its capability `atomic` (EIP-5792) is missing or unsupported for this chain, or its user refused the upgrade.',
        'An action that takes a token approves it first, so it is two calls; one that takes ETH is one.',
      ],
    })
    this.account = account
    this.calls = calls
  }
}

/** The wallet does not let an app's paymaster service pay (ERC-7677). Nothing was sent. */
export class WalletNotSponsoredError extends FabstirError {
  override name = 'WalletNotSponsoredError'
  account: Address

  constructor({ account, cause }: { account: Address } & Cause) {
    super(`The wallet of ${account} takes no paymaster service on this chain.`, {
      cause,
      metaMessages: [
        'Leave `paymasterService` out, or mark it `optional`, and the account pays itself.',
      ],
    })
    this.account = account
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
  method: string

  constructor({ method, cause }: { method: string } & Cause) {
    super(`The wallet has no ${method}.`, {
      cause,
      metaMessages: [
        'Wallets without EIP-5792 can own a Fabstir account: toFabstirAccount({ owner: wallet }).',
      ],
    })
    this.method = method
  }
}

/** The wallet does not work on the chain of the contracts. */
export class WalletChainNotSupportedError extends FabstirError {
  override name = 'WalletChainNotSupportedError'
  chainId: number

  constructor({ chainId, cause }: { chainId: number } & Cause) {
    super(`The wallet does not support chain ${chainId}.`, { cause })
    this.chainId = chainId
  }
}

/** The wallet refused for a reason that has no class of its own. */
export class WalletRefusedError extends FabstirError {
  override name = 'WalletRefusedError'
  method: string
  /** Of JSON-RPC, EIP-1193 or EIP-5792. */
  code: number

  constructor({ method, code, cause }: { method: string; code: number } & Cause) {
    super(`The wallet refused ${method} (${code}).`, { cause })
    this.method = method
    this.code = code
  }
}

/** The wallet gave an answer that makes no sense. Nothing of it was used. */
export class WalletAnswerError extends FabstirError {
  override name = 'WalletAnswerError'
  method: string
  /** What it answered. */
  answer: unknown

  constructor({ method, answer }: { method: string; answer: unknown }) {
    super(`The answer of the wallet to ${method} makes no sense.`, {
      details: `${stringify(answer)}`.slice(0, 200),
    })
    this.method = method
    this.answer = answer
  }
}

/** What the wallet took will not be on chain any more, or is there without effect. */
export class WalletCallsFailedError extends FabstirError {
  override name = 'WalletCallsFailedError'
  /** The wallet's name for the calls. */
  callsId: string
  /** Status of EIP-5792: 400 never sent, 500 reverted as a whole, 600 in part; 5730 when the wallet forgot them. */
  status: number
  /** Of the transactions with the calls. */
  transactionHashes: readonly Hash[]
  /** Typed error of the contract that reverted, where the logs tell it. */
  reason: Error | undefined

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
      cause: cause ?? reason,
      metaMessages: [
        ...(reason ? [`Reason: ${reason.shortMessage ?? reason.message}`] : []),
        `Calls: ${callsId}`,
        `Status: ${status}`,
      ],
    })
    this.callsId = callsId
    this.status = status
    this.transactionHashes = transactionHashes
    this.reason = reason
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
  method: string
  /** Name of the calls; `undefined` when none were sent. */
  callsId: string | undefined

  constructor({
    method,
    callsId,
    timeout,
    cause,
  }: { method: string; callsId?: string | undefined; timeout: number } & Cause) {
    super(`The wallet gave no final answer to ${method} within ${timeout} ms.`, {
      cause,
      metaMessages: callsId === undefined ? [] : [`Calls: ${callsId}`],
    })
    this.method = method
    this.callsId = callsId
  }
}
