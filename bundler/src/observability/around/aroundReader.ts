import type { Around } from '@fabstir/service'
import type { ChainReader } from '../../chain/reader.ts'

/** One HTTP request to the node: a JSON-RPC request, or several of them. */
export type NodeCall = {
  requests: readonly { method: string; params?: readonly unknown[] }[]
  /** The answer is a list of results, and errors among them are no exceptions. */
  isBatch?: boolean
}

/** A reader whose requests are watched. */
export function aroundReader(reader: ChainReader, around: Around<NodeCall>): ChainReader {
  return {
    request: (method, params) =>
      around({ requests: [{ method, params }] }, () => reader.request(method, params)),
    batch: (requests) => around({ requests, isBatch: true }, () => reader.batch(requests)),
    call: (parameters) =>
      around({ requests: [{ method: 'eth_call' }] }, () => reader.call(parameters)),
  }
}

/** The method of a single request, `batch` of several. */
export function methodOf({ requests }: NodeCall): string {
  const [only, ...others] = requests
  return only && others.length === 0 ? only.method : 'batch'
}
