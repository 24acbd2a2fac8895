import type { Hex } from 'viem'
import { isNodeUnavailable } from './httpChainReader.ts'
import type { ChainReader } from './reader.ts'
import { ChainError } from './reader.ts'

export type SendOutcome =
  /** The node has the transaction (also when it had it before). */
  | { type: 'accepted' }
  /** The nonce is consumed. By which transaction, the head tracker will tell. */
  | { type: 'nonceTooLow' }
  /** The node refused it, so it is in no pool because of this call. */
  | {
      type: 'refused'
      cause: 'insufficientFunds' | 'underpriced' | 'other'
      message: string
    }
  /** No answer: the transaction may or may not have arrived. */
  | { type: 'unknown'; message: string }

export type TransactionSender = {
  /** Sends a signed transaction. Sending the same bytes again is harmless. */
  send(raw: Hex): Promise<SendOutcome>
}

export function createTransactionSender(reader: Pick<ChainReader, 'request'>): TransactionSender {
  return {
    async send(raw) {
      try {
        await reader.request('eth_sendRawTransaction', [raw])
        return { type: 'accepted' }
      } catch (error) {
        if (isNodeUnavailable(error)) {
          return { type: 'unknown', message: error instanceof Error ? error.message : '' }
        }
        if (error instanceof ChainError) {
          if (isTransient(error)) return { type: 'unknown', message: error.message }
          return classifyRefusal(error.message)
        }
        throw error
      }
    },
  }
}

/** Codes for an internal error, an unavailable resource and a rate limit (EIP-1474, providers). */
const TRANSIENT_CODES = new Set([-32603, -32002, -32005, 429])

/**
 * Errors of a provider rather than of the pool: the transaction may have been passed on before, so
 * nobody may conclude that it is in no pool.
 */
function isTransient({ code, message }: ChainError): boolean {
  const known = classifyRefusal(message)
  if (known.type !== 'refused' || known.cause !== 'other') return false
  return (
    TRANSIENT_CODES.has(code) ||
    /timed? ?-?out|rate.?limit|too many requests|unavailable|internal error|gateway/i.test(message)
  )
}

/** Nodes have no common codes here: the wording of geth, reth, anvil, Nethermind, Besu and Erigon decides. */
export function classifyRefusal(message: string): SendOutcome {
  if (/already ?(known|imported|exists)|known transaction/i.test(message)) {
    return { type: 'accepted' }
  }
  if (/nonce too low|oldnonce|nonce is too low|nonce ?already ?used|invalid nonce/i.test(message)) {
    return { type: 'nonceTooLow' }
  }
  if (/insufficient (funds|balance)|insufficientfunds|upfront cost/i.test(message)) {
    return { type: 'refused', cause: 'insufficientFunds', message }
  }
  if (/underpriced|feetoolow|fee too low|less than block base fee|base ?fee/i.test(message)) {
    return { type: 'refused', cause: 'underpriced', message }
  }
  return { type: 'refused', cause: 'other', message }
}
