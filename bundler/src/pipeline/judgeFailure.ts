import type { Hex } from 'viem'
import type { OperationFailure } from '../bundling/dryRun.ts'
import type { Block } from '../chain/block.ts'
import { getNextNonce } from '../chain/entryPointState.ts'
import type { ChainReader } from '../chain/reader.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'
import type { Inclusion } from '../types/userOperationEvent.ts'

export type Judgement = { update: OperationUpdate; inclusion?: Inclusion }

/** Codes by which the EntryPoint names operations that are on chain, and were before they were admitted here. */
const MAY_BE_INCLUDED = new Set(['AA10', 'AA25'])
/** Validity in time, of account and paymaster. */
const NOT_IN_TIME = new Set(['AA22', 'AA32'])
/** Rules by which an operation only waits. */
const MAY_PASS_LATER = new Set(['eip7702NonceAhead'])

/**
 * Decides about an operation that failed the dry run of its bundle: it is on chain already (another
 * bundler was faster), it may pass later, or it can never be included.
 * @throws RpcError `nodeUnavailable`: then it is not judged.
 */
export async function judgeFailure(
  deps: {
    reader: Pick<ChainReader, 'call'>
    /** Throws when the node has not seen block `minBlock`: then its silence says nothing. */
    findInclusionOnChain: (hash: Hex, minBlock: number) => Promise<Inclusion | undefined>
    head: Pick<Block, 'number' | 'timestamp'>
    /** Operations in blocks that are not settled yet; `undefined` when nobody can tell. */
    unsettled: ReadonlySet<Hex> | undefined
  },
  { operation, reason, phase, amongSiblings }: OperationFailure,
): Promise<Judgement> {
  const { hash, entryPoint, op, validAfter } = operation
  const later: Judgement = { update: { type: 'failed', hash, reason } }
  if (amongSiblings || MAY_PASS_LATER.has(reason.rule)) return later
  // Once its block is settled, it is included for good; before, nobody would notice a reorg.
  if (!deps.unsettled || deps.unsettled.has(hash)) return later
  if (MAY_BE_INCLUDED.has(reason.rule)) {
    const inclusion = await deps.findInclusionOnChain(hash, deps.head.number)
    if (inclusion && inclusion.block.number > deps.head.number) return later
    if (inclusion) return { update: includedUpdate(inclusion), inclusion }
  }
  if (reason.rule === 'AA25') {
    // At the settled head: whatever used it up to there is known, and was not this operation.
    const next = await getNextNonce(deps.reader, entryPoint.address, op, deps.head.number)
    if (next <= op.nonce) return later
  }
  if (NOT_IN_TIME.has(reason.rule) && validAfter >= deps.head.timestamp) return later
  // AA9x speak of the bundle, not of the operation.
  if (reason.rule.startsWith('AA9')) return later
  return { update: { type: 'dropped', hash, reason, ...(phase && { phase }) } }
}

export function includedUpdate(inclusion: Inclusion): OperationUpdate {
  const { hash, transactionHash, block, success } = inclusion
  return { type: 'included', hash, transactionHash, blockNumber: block.number, success }
}
