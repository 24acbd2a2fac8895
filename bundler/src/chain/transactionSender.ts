import type { Address, Hex } from 'viem'
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
      cause: RefusalCause
      message: string
    }
  /** No answer: the transaction may or may not have arrived. */
  | { type: 'unknown'; message: string }

/**
 * `conditions`: the state that the transaction was made for has changed. `nonceTooHigh`: the pool takes none
 * that has to wait for another one. Only `other` may be the fault of what the transaction carries.
 */
export type RefusalCause =
  | 'insufficientFunds'
  | 'underpriced'
  | 'conditions'
  | 'nonceTooHigh'
  | 'other'

/** State without which a transaction shall not be included (`eth_sendRawTransactionConditional`). */
export type TransactionConditions = {
  knownAccounts: Record<Address, Record<Hex, Hex>>
  /** Unix seconds. */
  timestampMax?: number
}

export type SignedTransaction = { hash: Hex; raw: Hex }

export type SendContext = {
  /** Number of the newest block. */
  head: number
  /** Blocks since the nonce of the transaction was first sent. */
  waitedBlocks: number
  /** With the first sending only. */
  conditions?: TransactionConditions | undefined
}

export type TransactionSender = {
  /** Sends a signed transaction. Sending the same bytes again is harmless. Never throws. */
  send(transaction: SignedTransaction, context: SendContext): Promise<SendOutcome>
}

/** Sends to the pool of a node. */
export function createTransactionSender(reader: Pick<ChainReader, 'request'>): TransactionSender {
  return {
    send: ({ raw }) => outcomeOf(() => reader.request('eth_sendRawTransaction', [raw])),
  }
}

/** What an attempt to send says about the transaction. */
export async function outcomeOf(attempt: () => Promise<unknown>): Promise<SendOutcome> {
  try {
    await attempt()
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
  if (/nonce (is )?too high|nonce ?gap|gap(ped)? nonce|nonce is too far/i.test(message)) {
    return { type: 'refused', cause: 'nonceTooHigh', message }
  }
  if (/insufficient (funds|balance)|insufficientfunds|upfront cost/i.test(message)) {
    return { type: 'refused', cause: 'insufficientFunds', message }
  }
  if (/underpriced|feetoolow|fee too low|less than block base fee|base ?fee/i.test(message)) {
    return { type: 'refused', cause: 'underpriced', message }
  }
  if (
    /condition(al|s)? .*(fail|not met|reject)|storage (slot|root|value).*mismatch|failed conditional/i.test(
      message,
    )
  ) {
    return { type: 'refused', cause: 'conditions', message }
  }
  return { type: 'refused', cause: 'other', message }
}
