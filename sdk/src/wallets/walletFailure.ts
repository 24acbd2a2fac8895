import type { Address } from 'viem'
import { FabstirError } from '../errors/base.ts'
import { causes, findRpcFailure } from '../errors/rpcError.ts'
import { toFabstirError } from '../errors/toFabstirError.ts'
import { RequestRefusedError } from '../errors/transport.ts'
import {
  WalletChainNotSupportedError,
  WalletMethodNotSupportedError,
  WalletNotAtomicError,
  WalletNotSponsoredError,
  WalletRefusedError,
  WalletRejectedError,
} from '../errors/wallet.ts'
import type { ReadClient } from '../types/client.ts'

/** Codes of EIP-1193 and EIP-5792. */
export const walletCode = {
  rejected: 4001,
  unauthorized: 4100,
  unsupportedMethod: 4200,
  unknownChain: 4902,
  unsupportedCapability: 5700,
  unsupportedChain: 5710,
  duplicateId: 5720,
  unknownCalls: 5730,
  tooManyCalls: 5740,
  upgradeRejected: 5750,
  notAtomic: 5760,
  methodNotFound: -32_601,
  invalidParams: -32_602,
} as const

/** What was asked of the wallet. */
export type WalletRequest = { account: Address; method: string; calls?: number | undefined }

/** The code that a wallet refused with; `undefined` when it gave none. */
export function walletCodeOf(error: unknown): number | undefined {
  const known = new Set<number>(Object.values(walletCode))
  for (const link of causes(error))
    if ('code' in link && typeof link.code === 'number' && known.has(link.code)) return link.code
  return undefined
}

/** Whether a wallet does not know the method. */
export const isUnsupported = (code: number | undefined) =>
  code === walletCode.methodNotFound || code === walletCode.unsupportedMethod

/**
 * Whether a wallet said by a code of its standards that it sends nothing. Any other failure, one of the services behind
 * it too, may have come when the calls were sent. A duplicate id (5720) says that it has them.
 */
export function hasRefused(error: unknown): boolean {
  const code = walletCodeOf(error)
  return code !== undefined && code !== walletCode.duplicateId
}

/**
 * The typed error for what a wallet answered, also for what it passes on of a paymaster, a bundler or a contract.
 */
export function toWalletError(
  error: unknown,
  { contracts }: Pick<ReadClient, 'contracts'>,
  { account, method, calls = 1 }: WalletRequest,
): Error {
  const cause = error instanceof Error ? error : new Error(String(error))
  if (cause instanceof FabstirError) return cause
  const { chainId } = contracts
  const code = walletCodeOf(cause)
  switch (code) {
    case walletCode.rejected:
      return new WalletRejectedError({ cause })
    case walletCode.unsupportedMethod:
    case walletCode.methodNotFound:
      return new WalletMethodNotSupportedError({ method, cause })
    case walletCode.unsupportedCapability:
      return new WalletNotSponsoredError({ account, cause })
    case walletCode.unknownChain:
    case walletCode.unsupportedChain:
      return new WalletChainNotSupportedError({ chainId, cause })
    case walletCode.upgradeRejected:
    case walletCode.notAtomic:
      return new WalletNotAtomicError({ account, calls, cause })
    case walletCode.unauthorized:
    case walletCode.tooManyCalls:
      return new WalletRefusedError({ method, code, cause })
    default:
      return fromAnswer(cause, { contracts }, method)
  }
}

/** An error without an answer is the wallet's own, and stays what it is. */
function fromAnswer(cause: Error, context: Pick<ReadClient, 'contracts'>, method: string): Error {
  const failure = findRpcFailure(cause)
  if (!failure) return cause
  const typed = toFabstirError(cause, context)
  // Whose refusal it was, the wallet does not tell.
  return typed instanceof RequestRefusedError
    ? new WalletRefusedError({ method, code: failure.code, cause })
    : typed
}
