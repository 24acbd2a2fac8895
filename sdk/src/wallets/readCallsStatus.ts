import { type Address, type Hash, isAddress, isHash, isHex } from 'viem'
import { WalletAnswerError } from '../errors/wallet.ts'
import { type CallLog, type LoggedOperation, ownOperations } from './ownOperations.ts'

/** What a wallet says of calls. */
export type CallsStatus = {
  outcome: 'pending' | 'success' | 'failure'
  /** Of EIP-5792. */
  code: number
  /** The account's own, and nobody else's. At least one of calls that succeeded. */
  operations: readonly LoggedOperation[]
  /** Of the transactions that carried the calls. */
  transactionHashes: readonly Hash[]
}

/** Which calls a wallet was asked about. */
export type AskedCalls = { callsId: string; account: Address; chainId: number }

/**
 * The answer of a wallet to `wallet_getCallsStatus` (EIP-5792). Wallets of the standard's draft name neither calls nor
 * chain, and say `PENDING` and `CONFIRMED`.
 * @throws {WalletAnswerError} When it makes no sense, or is about other calls, another chain or other accounts.
 */
export function readCallsStatus(answer: unknown, asked: AskedCalls): CallsStatus {
  const read = tryRead(answer, asked)
  if (read) return read
  throw new WalletAnswerError({ method: 'wallet_getCallsStatus', answer })
}

type Receipt = { transactionHash: Hash; status?: unknown; logs?: readonly CallLog[] | null }

function tryRead(
  answer: unknown,
  { callsId, account, chainId }: AskedCalls,
): CallsStatus | undefined {
  const { status, receipts: receipts_, ...named } = fieldsOf(answer)
  if ((named.id ?? callsId) !== callsId || Number(named.chainId ?? chainId) !== chainId)
    return undefined
  const code = { PENDING: 100, CONFIRMED: 200 }[String(status)] ?? status
  if (typeof code !== 'number' || !(code >= 100 && code < 700)) return undefined
  const outcome = code < 200 ? 'pending' : code < 300 ? 'success' : 'failure'
  const receipts = receipts_ ?? []
  if (!Array.isArray(receipts) || !receipts.every(isReceipt)) return undefined
  const operations = operationsOf(receipts, account)
  if (!operations || (outcome === 'success' && operations.length === 0)) return undefined
  const transactionHashes = receipts.map(({ transactionHash }) => transactionHash)
  return { outcome, code, operations, transactionHashes }
}

/** `undefined` when an event of an EntryPoint is cut short. */
function operationsOf(receipts: readonly Receipt[], account: Address) {
  try {
    return receipts.flatMap(({ logs, status }) => {
      // Without operations in it, the transaction is the account's own.
      return ownOperations(logs ?? [], account) ?? [{ success: status === '0x1', logs: logs ?? [] }]
    })
  } catch {
    return undefined
  }
}

function isReceipt(value: unknown): value is Receipt {
  const { transactionHash, logs } = fieldsOf(value)
  return isHex(transactionHash) && (!logs || (Array.isArray(logs) && logs.every(isLog)))
}

function isLog(value: unknown): value is CallLog {
  const { address, topics, data } = fieldsOf(value)
  return (
    isAddress(String(address), { strict: false }) &&
    Array.isArray(topics) &&
    topics.every((topic) => isHash(topic)) &&
    isHex(data)
  )
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> => Object(value)
