import { type Address, bytesToHex, type Client, type Hash, type Log, numberToHex } from 'viem'
import type { AccountCall } from '../accounts/fabstir/executeData.ts'
import { decodeRevert } from '../errors/decodeRevert.ts'
import {
  WalletAnswerError,
  WalletCallsFailedError,
  WalletNotAtomicError,
  WalletNotSponsoredError,
  WalletTimeoutError,
  WalletUnansweredError,
} from '../errors/wallet.ts'
import { findRevertReason } from '../operations/revertReason.ts'
import { sleep } from '../operations/sleep.ts'
import { within } from '../operations/within.ts'
import type { CallSender, ReadClient, WaitOptions } from '../types/client.ts'
import { type CallsStatus, readCallsStatus } from './readCallsStatus.ts'
import { readCapabilities } from './readCapabilities.ts'
import {
  hasRefused,
  isUnsupported,
  toWalletError,
  walletCode,
  walletCodeOf,
} from './walletFailure.ts'

/** A paymaster service that the wallet is asked to let pay (ERC-7677). */
export type WalletPaymasterService = {
  /** Goes to the wallet, with the API key in it where there is one. */
  url: string
  /** Which sponsorship policy is meant, like `{ policyId: '…' }`. */
  context?: Readonly<Record<string, unknown>> | undefined
  /** Whether the account pays itself where the wallet takes no paymaster service. False by default. */
  optional?: boolean | undefined
}

/** What names calls that a wallet has sent. */
export type WalletCalls = {
  /** The wallet's own name for them. */
  callsId: string
  /** Of the transaction that carried them. */
  transactionHash: Hash
}

export type WalletSenderParameters = Pick<ReadClient, 'contracts'> & {
  wallet: Client
  account: Address
  paymasterService?: WalletPaymasterService | undefined
  wait: WaitOptions
}

/** Sends calls by a wallet of EIP-5792. */
export function walletSender(parameters: WalletSenderParameters): CallSender<WalletCalls> {
  return {
    has: async () => false,
    send: (calls) => sendCalls(parameters, calls),
    handOver: async () => undefined,
    confirm: (id) => confirmCalls(parameters, id),
  }
}

async function sendCalls(
  parameters: WalletSenderParameters,
  calls: readonly AccountCall[],
): Promise<Hash> {
  const { wallet, account, contracts, paymasterService, wait } = parameters
  const method = 'wallet_sendCalls'
  // Chosen here, so that the calls can be asked after when the answer is lost.
  const id = bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
  try {
    const isSponsored = await checkCapabilities(parameters, calls.length)
    const request = {
      version: '2.0.0',
      id,
      from: account,
      chainId: numberToHex(contracts.chainId),
      atomicRequired: calls.length > 1,
      calls: calls.map(({ to, value = 0n, data = '0x' }) => ({
        to,
        value: numberToHex(value),
        data,
      })),
      capabilities: isSponsored ? { paymasterService: toCapability(paymasterService) } : {},
    } as const
    // Sent once: what is sent again could be done again.
    const sending = wallet.request({ method, params: [request] }, { retryCount: 0 })
    const answer = await within<unknown>(wait.timeout, sending).catch((error) =>
      askAfter(parameters, id, error),
    )
    return readId(answer)
  } catch (error) {
    throw toWalletError(error, parameters, { account, method, calls: calls.length })
  }
}

const isTimeout = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'TimeoutError'

/**
 * What is known of calls whose sending failed.
 * @returns The id, when the wallet has them all the same.
 */
async function askAfter(parameters: WalletSenderParameters, callsId: Hash, error: unknown) {
  const { account, wait } = parameters
  if (hasRefused(error)) throw error
  const known = await within(wait.timeout, askStatus(parameters, callsId)).then(
    () => true,
    (failure: unknown) => (walletCodeOf(failure) === walletCode.unknownCalls ? false : undefined),
  )
  if (known) return callsId
  const method = 'wallet_sendCalls'
  if (isTimeout(error))
    throw new WalletTimeoutError({ method, callsId, timeout: wait.timeout, cause: error })
  if (known === false) throw error
  throw new WalletUnansweredError({
    callsId,
    cause: toWalletError(error, parameters, { account, method }),
  })
}

/** @returns Whether the wallet is asked to let the paymaster service pay. */
async function checkCapabilities(
  { wallet, account, contracts: { chainId }, paymasterService, wait }: WalletSenderParameters,
  calls: number,
): Promise<boolean> {
  if (calls === 1 && !paymasterService) return false
  const { timeout } = wait
  const asking = readCapabilities(wallet, { account, chainId })
  const capabilities = await within(timeout, asking).catch((error) => {
    if (!isTimeout(error)) throw error
    throw new WalletTimeoutError({ method: 'wallet_getCapabilities', timeout, cause: error })
  })
  if (calls > 1 && !capabilities.atomic) throw new WalletNotAtomicError({ account, calls })
  if (!paymasterService) return false
  if (!capabilities.paymasterService && !paymasterService.optional)
    throw new WalletNotSponsoredError({ account })
  return capabilities.paymasterService
}

function toCapability({ url, context, optional }: Partial<WalletPaymasterService> = {}) {
  return { url, ...(context && { context }), ...(optional && { optional }) }
}

/** Wallets of the standard's draft answer with the id alone. */
function readId(answer: unknown): Hash {
  const id = typeof answer === 'object' && answer !== null && 'id' in answer ? answer.id : answer
  if (typeof id !== 'string' || id === '')
    throw new WalletAnswerError({ method: 'wallet_sendCalls', answer })
  return id as Hash
}

async function confirmCalls(parameters: WalletSenderParameters, callsId: Hash) {
  const { account, contracts } = parameters
  const status = await waitForCalls(parameters, callsId)
  const { outcome, code, operations, transactionHashes } = status
  const succeeded = operations.filter(({ success }) => success)
  const transactionHash = transactionHashes.at(-1)
  if (outcome === 'failure' || succeeded.length === 0 || !transactionHash) {
    const revertData = findRevertReason(
      operations.flatMap(({ logs }) => logs),
      { sender: account },
    )
    throw new WalletCallsFailedError({
      callsId,
      status: outcome === 'failure' ? code : reverted,
      transactionHashes,
      reason: decodeRevert(revertData, { contracts }),
    })
  }
  return { logs: succeeded.flatMap(({ logs }) => logs) as Log[], callsId, transactionHash }
}

const method = 'wallet_getCallsStatus'
const reverted = 500

/** Asks until the calls are final. A question without an answer is asked again until the time is over. */
async function waitForCalls(parameters: WalletSenderParameters, callsId: Hash) {
  const { timeout, pollingInterval } = parameters.wait
  const deadline = Date.now() + timeout
  let unanswered: Error | undefined
  for (let left = timeout; left > 0; left = deadline - Date.now()) {
    try {
      const status = await within(left, askStatus(parameters, callsId))
      if (status.outcome !== 'pending') return status
      unanswered = undefined
    } catch (error) {
      const cause = error as Error
      const code = walletCodeOf(cause)
      if (code === walletCode.unknownCalls)
        throw new WalletCallsFailedError({ callsId, status: code, cause })
      if (isUnsupported(code) || cause instanceof WalletAnswerError)
        throw toWalletError(cause, parameters, { account: parameters.account, method })
      unanswered = cause
    }
    await sleep(Math.min(pollingInterval, left))
  }
  throw new WalletTimeoutError({ method, callsId, timeout, cause: unanswered })
}

async function askStatus(
  { wallet, account, contracts: { chainId } }: WalletSenderParameters,
  callsId: Hash,
): Promise<CallsStatus> {
  const answer: unknown = await wallet.request({ method, params: [callsId] })
  return readCallsStatus(answer, { callsId, account, chainId })
}
