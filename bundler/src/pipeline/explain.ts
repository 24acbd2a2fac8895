import { accusedEntity, entitiesOf } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import type { HistoryStep, OperationHistory } from '../history/operationHistory.ts'
import type { MempoolEntry } from '../mempool/mempool.ts'
import type { Bundle } from '../types/bundle.ts'
import type { DropReason } from '../types/operationUpdate.ts'
import type { Inclusion } from '../types/userOperationEvent.ts'
import type { WaitingContext } from './explainWaiting.ts'
import { explainWaiting } from './explainWaiting.ts'
import type { LookupDependencies } from './lookup.ts'
import { findInclusion } from './lookup.ts'

/** Where an operation is and why, for programs; `message` says it for people. */
export type Explanation = {
  userOpHash: Hex
  stage:
    | 'arriving'
    | 'waiting'
    | 'deferred'
    | 'submitted'
    | 'preconfirmed'
    | 'included'
    | 'reverted'
    | 'dropped'
    | 'rejected'
    | 'unknown'
  /** `AA…` code, ERC-7562 rule or a rule of this bundler. */
  rule?: string
  entity?: string
  address?: Address
  message: string
  /** Amounts in wei or gas, times in Unix seconds, by name. */
  numbers?: Record<string, bigint | number>
  transactionHash?: Hex
  revertData?: Hex
  /** Operation that has to go first. */
  behind?: Hex
  history: readonly HistoryStep[]
}

export type ExplainDependencies = Omit<LookupDependencies, 'mempool'> & {
  mempool: { get(hash: Hex): MempoolEntry | undefined }
  history: Pick<OperationHistory, 'find'>
  /** What admission said about an operation that it did not take. */
  findRejection: (hash: Hex) => DropReason | undefined
  waitingContext: (entry: MempoolEntry) => WaitingContext
}

/** Says where an operation is and why it is not further, from pool, bundles, journal and history. */
export async function explain(deps: ExplainDependencies, hash: Hex): Promise<Explanation> {
  const steps = deps.history.find(hash)?.steps ?? []
  const base = { userOpHash: hash, history: steps }
  const pending = deps.mempool.get(hash)
  if (pending) {
    const carrier = deps.bundles.carrierOf(hash)
    const preconfirmed = carrier && (await deps.findPreconfirmation?.(hash))
    if (preconfirmed) return { ...base, ...explainPreconfirmed(preconfirmed) }
    if (carrier) return { ...base, ...explainCarried(hash, carrier, deps.waitingContext(pending)) }
    const failed = steps.findLast(({ status, reason }) => status === 'pending' && reason)?.reason
    return { ...base, ...explainWaiting(pending, deps.waitingContext(pending), failed) }
  }
  const inclusion = await findInclusion(deps, hash)
  if (inclusion) {
    const { success, transactionHash, block, receipt } = inclusion
    const { reason, revertData } = receipt
    return {
      ...base,
      stage: success ? 'included' : 'reverted',
      message: success
        ? `it was executed in block ${block.number}`
        : `it was included in block ${block.number}, but its execution reverted: ${reason ?? 'without reason'}`,
      ...(!success && { rule: 'executionReverted', entity: 'account' }),
      transactionHash,
      numbers: { blockNumber: block.number },
      ...(typeof revertData === 'string' && { revertData: revertData as Hex }),
    }
  }
  const stored = await deps.store.findOperation(hash)
  if (stored?.reason) {
    const entity = accusedEntity(stored.reason.rule)
    const address =
      entity && entity !== 'aggregator' ? entitiesOf(stored.operation.op)[entity] : undefined
    return {
      ...base,
      ...ofReason('dropped', stored.reason),
      ...(entity && { entity }),
      ...(address && { address }),
    }
  }
  const rejection = deps.findRejection(hash)
  if (rejection) return { ...base, ...ofReason('rejected', rejection) }
  return { ...base, stage: 'unknown', message: 'this bundler does not know the operation' }
}

function ofReason(stage: 'dropped' | 'rejected', { rule, message, revertData }: DropReason) {
  return { stage, rule, message, ...(revertData !== undefined && { revertData }) }
}

function explainPreconfirmed({
  transactionHash,
  block,
  success,
}: Inclusion): Omit<Explanation, 'userOpHash' | 'history'> {
  const executed = success ? 'executed' : 'included, but its execution reverted,'
  return {
    stage: 'preconfirmed',
    rule: 'awaitingSeal',
    message: `it is ${executed} in block ${block.number}, which is not settled yet and can vanish`,
    transactionHash,
    numbers: { blockNumber: block.number },
  }
}

function explainCarried(
  hash: Hex,
  bundle: Bundle,
  { head }: WaitingContext,
): Omit<Explanation, 'userOpHash' | 'history'> {
  const transaction = bundle.transactions.findLast(({ operations }) => operations.includes(hash))
  const { maxFeePerGas } = transaction ?? {}
  const underpriced =
    maxFeePerGas !== undefined && head !== undefined && maxFeePerGas < head.baseFeePerGas
  return {
    stage: 'submitted',
    rule: underpriced ? 'bundleBelowBaseFee' : 'awaitingBlock',
    message: underpriced
      ? 'the base fee rose above what its bundle pays; it is replaced or waits'
      : 'its bundle is with the node and not in a block yet',
    ...(transaction && { transactionHash: transaction.hash }),
    numbers: {
      transactions: bundle.transactions.length,
      operations: bundle.operations.length,
      sentAtBlock: bundle.sentAtBlock,
      ...(head && { headBlock: head.number, baseFeePerGas: head.baseFeePerGas }),
      ...(maxFeePerGas !== undefined && { maxFeePerGas }),
    },
  }
}
