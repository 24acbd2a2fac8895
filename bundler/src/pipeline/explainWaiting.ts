import type { Hex } from 'viem'
import type { MempoolEntry } from '../mempool/mempool.ts'
import type { DropReason } from '../types/operationUpdate.ts'
import type { Explanation } from './explain.ts'

/** What bundling looks at besides the operation. */
export type WaitingContext = {
  /** Newest settled block; base fee in wei per gas, time in Unix seconds. */
  head: { number: number; timestamp: number; baseFeePerGas: bigint } | undefined
  /** Pending operation of the same sender, EntryPoint and nonce key that goes first. */
  before: { hash: Hex; nonce: bigint } | undefined
  /** The nonce that the chain accepts next on its key, where the pool knows it. */
  nextNonce: bigint | undefined
  mode: 'auto' | 'manual'
  executors: { total: number; busy: number }
  /** Whether the operation pays no fees, with permission. */
  boosted: boolean
}

type Waiting = Pick<MempoolEntry, 'state' | 'op' | 'validAfter' | 'suspect' | 'revertedBundles'>

/**
 * Why a pending operation that no bundle carries is not in one: the first reason that applies, in the
 * order in which bundling asks.
 * @param failed Why the last bundle gave it back.
 */
export function explainWaiting(
  { state, op, validAfter, suspect, revertedBundles }: Waiting,
  { head, before, nextNonce, mode, executors, boosted }: WaitingContext,
  failed?: DropReason,
): Omit<Explanation, 'userOpHash' | 'history'> {
  if (state === 'arriving') {
    return { stage: 'arriving', rule: 'journal', message: 'it is being written to the journal' }
  }
  if (state === 'inFlight') {
    return { stage: 'waiting', rule: 'bundling', message: 'a bundle with it is being made' }
  }
  if (state === 'deferred') {
    const { rule = 'deferred', message = 'a bundle could not take it', revertData } = failed ?? {}
    return {
      stage: 'deferred',
      rule,
      message: `it is tried again with the next block: ${message}`,
      ...(revertData !== undefined && { revertData }),
      ...(revertedBundles > 0 && { numbers: { revertedBundles } }),
    }
  }
  const waiting = { stage: 'waiting' } as const
  if (before) {
    return {
      ...waiting,
      rule: 'nonceOrder',
      entity: 'account',
      address: op.sender,
      behind: before.hash,
      message: `operation ${before.hash} of the same sender has the lower nonce and goes first`,
      numbers: { nonce: op.nonce, before: before.nonce },
    }
  }
  if (nextNonce !== undefined && nextNonce < op.nonce) {
    return {
      ...waiting,
      rule: 'nonceGap',
      entity: 'account',
      address: op.sender,
      message: `it waits for ${op.nonce - nextNonce} operations that nobody has sent here`,
      numbers: { nonce: op.nonce, nextNonce },
    }
  }
  if (head && validAfter > head.timestamp) {
    return {
      ...waiting,
      rule: 'notDue',
      message: `it becomes valid in ${validAfter - head.timestamp} seconds of the chain`,
      numbers: { validAfter, headTimestamp: head.timestamp },
    }
  }
  if (head && !boosted && op.maxFeePerGas < head.baseFeePerGas) {
    return {
      ...waiting,
      rule: 'belowBaseFee',
      message: 'maxFeePerGas is below the base fee',
      numbers: { maxFeePerGas: op.maxFeePerGas, baseFeePerGas: head.baseFeePerGas },
    }
  }
  if (mode === 'manual') {
    return { ...waiting, rule: 'manualMode', message: 'bundles are made on request only' }
  }
  if (executors.busy >= executors.total) {
    return {
      ...waiting,
      rule: 'executorsBusy',
      message: 'every executor has a bundle in flight or no funds',
      numbers: executors,
    }
  }
  if (suspect) {
    return {
      ...waiting,
      rule: 'goesAlone',
      message: 'a bundle with it failed, so it gets a bundle of its own',
      numbers: { revertedBundles },
    }
  }
  return { ...waiting, rule: 'nextBundle', message: 'it goes with one of the next bundles' }
}
