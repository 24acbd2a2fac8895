import type { Address, Hex } from 'viem'
import { ChainError } from '../types/chainError.ts'
import type { StateOverride } from '../types/stateOverride.ts'

export type { StateOverride } from '../types/stateOverride.ts'
export { ChainError }

export type CallParameters = {
  to: Address
  data: Hex
  from?: Address
  /** Gas limit of the call. */
  gas?: bigint
  stateOverride?: StateOverride
  /** `latest` unless told. */
  blockTag?: BlockTag
}

/** `latest`, `pending`, a block number as hex quantity, or an EIP-1898 block hash. */
export type BlockTag = 'latest' | 'pending' | 'earliest' | Hex | { blockHash: Hex }

export type CallResult =
  | { ok: true; data: Hex }
  /** The call reverted; `data` are its revert bytes (`0x` when there are none). */
  | { ok: false; data: Hex; message: string }

export type RpcRequest = { method: string; params: unknown[] }

/** One answer of a batch: an error of the node is a value there. */
export type BatchAnswer = { ok: true; result: unknown } | { ok: false; error: ChainError }

/** Read access to the node. Every function throws `RpcError` -32000 `nodeUnavailable` when it is unreachable. */
export type ChainReader = {
  /**
   * One JSON-RPC request.
   * @throws RpcError -32000 with `data.reason = 'nodeUnavailable'` on refused connections and timeouts.
   * @throws ChainError when the node answers with an error object.
   */
  request(method: string, params: unknown[]): Promise<unknown>
  /**
   * Several requests in one round trip (JSON-RPC batch); answers in the order of the requests.
   * @throws RpcError as `request` does.
   */
  requestBatch?(requests: readonly RpcRequest[]): Promise<BatchAnswer[]>
  /** `eth_call`; a revert is a value, not an exception. */
  call(parameters: CallParameters): Promise<CallResult>
}
