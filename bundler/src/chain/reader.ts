import type { Address, Hex } from 'viem'
import type { StateOverride } from '../types/stateOverride.ts'

export { ChainError } from '../types/chainError.ts'
export type { StateOverride } from '../types/stateOverride.ts'

export type CallParameters = {
  to: Address
  data: Hex
  from?: Address
  /** Gas limit of the call. */
  gas?: bigint
  /** Wei per gas; with it the call needs a sender that can pay for its gas limit. */
  gasPrice?: bigint
  stateOverride?: StateOverride
  /** Unix seconds at which it runs, by block overrides; see `takesBlockTime`. */
  time?: bigint
  /** `latest` unless told. */
  blockTag?: BlockTag
}

/** `latest`, `pending`, a block number as hex quantity, or an EIP-1898 block hash. */
export type BlockTag = 'latest' | 'pending' | 'earliest' | Hex | { blockHash: Hex }

export type CallResult =
  | { ok: true; data: Hex }
  /** The call reverted; `data` are its revert bytes (`0x` when there are none). */
  | { ok: false; data: Hex; message: string }

export type JsonRpcRequest = { method: string; params: unknown[] }

/** Read access to the node. Every function throws `RpcError` -32000 `nodeUnavailable` when it is unreachable. */
export type ChainReader = {
  /**
   * One JSON-RPC request.
   * @throws RpcError -32000 with `data.reason = 'nodeUnavailable'` on refused connections and timeouts.
   * @throws ChainError when the node answers with an error object.
   */
  request(method: string, params: unknown[]): Promise<unknown>
  /**
   * Several requests in one HTTP body; one by one where the node takes no batches.
   * @returns A result, or a ChainError, for each request in order.
   * @throws RpcError -32000 as `request`.
   */
  batch(requests: readonly JsonRpcRequest[]): Promise<unknown[]>
  /** `eth_call`; a revert is a value, not an exception. */
  call(parameters: CallParameters): Promise<CallResult>
}
