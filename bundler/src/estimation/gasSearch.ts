import type { Address, Hex } from 'viem'
import { decodeFunctionResult, encodeFunctionData } from 'viem'
import type { CallResult, ChainReader, StateOverride } from '../chain/reader.ts'
import type { Judge, SearchLayout } from '../simulation/searchLayout.ts'
import { mergeStateOverrides } from '../simulation/stateOverride.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import { gasSearchAbi, gasSearchCode } from './generated/gasSearch.ts'

/** One way to try a limit. */
export type Probe = {
  /** Calldata of the EntryPoint; with `inner`, what stands before the length of the target's calldata. */
  data: Hex
  /** Calldata of the target up to a context that is appended from the validation. */
  inner?: Hex
  /** Byte offsets in the calldata of the 16-byte limit. None: it is run once. */
  places: readonly number[]
  /** Gas of an attempt beside the limit and the validation. */
  fixedGas: bigint
}

/** What is searched: the least limit with which a simulation succeeds and takes the gas that it takes. */
export type Search = {
  /** The first that succeeds with the largest limit is searched. */
  probes: readonly Probe[]
  judge: Judge
  /** Index of the search of the validation that an attempt begins with. */
  validation?: number
  /** Where the context is; it is appended, and without one nothing is searched. */
  appendsContext?: SearchLayout['contextPlace']
  /** Whether it is only searched for a sender that has a deposit. */
  needsDeposit?: boolean
  /** Largest limit, in gas. */
  most: bigint
}

export type Found = {
  outcome: 'found' | 'skipped' | 'failed'
  /** Index of the probe that succeeded. */
  probe: number
  /** Gas; least sufficient limit, at most 64 gas or 0.4 % above it. */
  limit: bigint
  /** Of the simulation with the largest limit; of a failure, that of the first probe. */
  output: CallResult
}

export type SearchResult = {
  found: Found[]
  /** Of the sender at the EntryPoint, in wei. */
  deposit: bigint
  /** Of the sender, in wei. */
  balance: bigint
}

/** Where the search runs; nobody has this address. */
const searchAddress: Address = '0x00000000000000000000000000000000c0ffee79'
/** Calls that a search may take when the node gives each of them little gas. */
const maxCalls = 8

const state = { fresh: 0, open: 1, done: 2, skipped: 3, failed: 4 }
const noProgress = { state: state.fresh, probe: 0n, low: 0n, high: 0n, leastGas: 0n, mostGas: 0n }

/**
 * Runs searches one after the other inside the node's EVM: one `eth_call`, or several when the gas that
 * the node gives to one runs out.
 * @param stateOverride With the EntryPoint's simulation code.
 * @throws RpcError -32000 when the node gives its calls too little gas for a single attempt.
 */
export async function searchGas({
  reader,
  entryPoint,
  sender,
  searches,
  stateOverride,
}: {
  reader: Pick<ChainReader, 'call'>
  entryPoint: Address
  sender: Address
  searches: readonly Search[]
  stateOverride: StateOverride
}): Promise<SearchResult> {
  const override = mergeStateOverrides(stateOverride, { [searchAddress]: { code: gasSearchCode } })
  let progress: (typeof noProgress)[] = searches.map(() => noProgress)
  const outputs: (CallResult | undefined)[] = searches.map(() => undefined)
  for (let calls = 1; ; calls++) {
    const result = await reader.call({
      to: searchAddress,
      data: encodeSearch(entryPoint, sender, searches, progress),
      stateOverride: override,
    })
    if (!result.ok) throw tooLittleGas(result.message)
    const [found, deposit, balance] = decodeFunctionResult({
      abi: gasSearchAbi,
      functionName: 'search',
      data: result.data,
    })
    for (const [index, { output, returned }] of found.entries()) {
      if (output === '0x' && !returned && outputs[index]) continue
      outputs[index] = returned
        ? { ok: true, data: output }
        : { ok: false, data: output, message: 'reverted' }
    }
    progress = found.map((one) => one.progress)
    const open = progress.filter((one) => one.state <= state.open)
    if (open.length === 0 || calls === maxCalls) {
      if (open.some((one) => one.state === state.fresh)) throw tooLittleGas('out of gas')
      return { found: progress.map((one, index) => toFound(one, outputs[index])), deposit, balance }
    }
    // A validation is repeated: its context is part of what follows.
    progress = progress.map((one, index) => (isSingle(searches[index]) ? noProgress : one))
  }
}

function isSingle(search: Search | undefined): boolean {
  return search?.probes.every(({ places }) => places.length === 0) ?? false
}

function toFound(progress: typeof noProgress, output: CallResult | undefined): Found {
  return {
    outcome:
      progress.state === state.failed
        ? 'failed'
        : progress.state === state.skipped
          ? 'skipped'
          : 'found',
    probe: Number(progress.probe),
    limit: progress.high,
    output: output ?? { ok: false, data: '0x', message: 'not run' },
  }
}

function encodeSearch(
  entryPoint: Address,
  sender: Address,
  searches: readonly Search[],
  progress: readonly (typeof noProgress)[],
): Hex {
  return encodeFunctionData({
    abi: gasSearchAbi,
    functionName: 'search',
    args: [
      {
        entryPoint,
        sender,
        searches: searches.map((search, index) => ({
          probes: search.probes.map(({ data, inner = '0x', places, fixedGas }) => ({
            data,
            inner,
            places: places.map(BigInt),
            fixedGas,
          })),
          judge: search.judge,
          validation: search.validation === undefined ? 0n : BigInt(search.validation + 1),
          appendsContext: search.appendsContext !== undefined,
          contextPlace: search.appendsContext ?? { base: 0n, word: 0n },
          needsDeposit: search.needsDeposit ?? false,
          most: search.most,
          progress: progress[index] ?? noProgress,
        })),
      },
    ],
  })
}

function tooLittleGas(detail: string): RpcError {
  return new RpcError(
    rpcErrorCode.nodeUnavailable,
    `the node's eth_call cannot run a gas search: ${detail}`,
    { reason: 'gasSearch' },
  )
}
