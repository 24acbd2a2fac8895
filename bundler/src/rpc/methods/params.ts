import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { RpcError, rpcErrorCode } from '../../types/rpcError.ts'
import { address, bytesOfSize } from '../schemas/hex.ts'
import { invalidParam, parse } from '../schemas/parse.ts'

/** Checks how many parameters there are. @throws RpcError -32602. */
export function expectParams(params: readonly unknown[], least: number, most = least): void {
  if (params.length >= least && params.length <= most) return
  const count = least === most ? `${least}` : `${least} to ${most}`
  throw invalidParam('params', `must have ${count} elements`, params.length)
}

/** A 32-byte operation hash. @throws RpcError -32602, in the words of ERC-7769. */
export function parseHash(value: unknown): Hex {
  try {
    return parse(bytesOfSize(32), value, 'userOpHash')
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    throw new RpcError(error.code, `Missing/invalid userOpHash: ${error.message}`, error.data)
  }
}

/** Finds the EntryPoint by its address. @throws RpcError -32602 that lists the supported ones. */
export function parseEntryPoint(
  value: unknown,
  supported: readonly EntryPointAdapter[],
): EntryPointAdapter {
  const wanted = parse(address, value, 'entryPoint')
  const found = supported.find((entryPoint) => entryPoint.address === wanted)
  if (found) return found
  const addresses = supported.map((entryPoint) => entryPoint.address)
  throw new RpcError(
    rpcErrorCode.invalidParams,
    `entryPoint ${wanted} is not supported, supported are ${addresses.join(', ')}`,
    { field: 'entryPoint', rule: 'supportedEntryPoint', value: wanted, supported: addresses },
  )
}
