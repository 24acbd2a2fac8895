import type { Hex } from 'viem'
import type { OperationFilter } from '../types/operationEvent.ts'
import type { Refusal } from './limits/rateLimits.ts'

/** Where subscriptions of one connection live. */
export type Subscriber = {
  /** @throws RpcError -32005 when the connection has too many. */
  subscribe(filter: OperationFilter): Hex
  /** @returns Whether there was one with this id. */
  unsubscribe(id: Hex): boolean
}

/** Who asks. */
export type Caller = {
  /** Whether its operations may pay no fees, whoever sends them. */
  boost: boolean
  /** Counts `requests` against the caller's rate limit. */
  charge: (requests: number) => Refusal | undefined
  /** Absent over HTTP, which cannot carry notifications. */
  subscriber?: Subscriber
}

/** A JSON-RPC method: positional parameters in, a JSON value out. Throws `RpcError`. */
export type Method = (params: readonly unknown[], caller: Caller) => Promise<unknown>

/** Methods by name. */
export type Methods = Readonly<Record<string, Method>>
