import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import type { StateOverride } from '../../types/stateOverride.ts'
import type { Methods } from '../method.ts'
import { parse } from '../schemas/parse.ts'
import { stateOverride } from '../schemas/stateOverride.ts'
import { parseUserOperation } from '../schemas/userOperation.ts'
import { expectParams, parseEntryPoint, parseHash } from './params.ts'

/** Gas limits by field name. */
export type GasEstimateFields = Readonly<Record<string, bigint | undefined>>

/** An operation and, once it is on chain, where it is. */
export type LocatedOperation = {
  op: UserOperation
  entryPoint: EntryPointAdapter
  transactionHash: Hex | null
  block: { number: number; hash: Hex } | null
}

export type EthMethodDependencies = {
  chainId: number
  entryPoints: readonly EntryPointAdapter[]
  admitUserOperation: (op: UserOperation, entryPoint: EntryPointAdapter) => Promise<Hex>
  estimateGas: (
    op: UserOperation,
    entryPoint: EntryPointAdapter,
    override?: StateOverride,
  ) => Promise<GasEstimateFields>
  findUserOperation: (hash: Hex) => Promise<LocatedOperation | undefined>
  findReceipt: (hash: Hex) => Promise<Record<string, unknown> | undefined>
}

/** The methods of ERC-7769. */
export function ethMethods(deps: EthMethodDependencies): Methods {
  const { chainId, entryPoints } = deps
  return {
    async eth_chainId(params) {
      expectParams(params, 0)
      return `0x${chainId.toString(16)}`
    },
    async eth_supportedEntryPoints(params) {
      expectParams(params, 0)
      return entryPoints.map(({ address }) => address)
    },
    async eth_sendUserOperation(params) {
      expectParams(params, 2)
      const entryPoint = parseEntryPoint(params[1], entryPoints)
      return deps.admitUserOperation(parseUserOperation(params[0], entryPoint, 'send'), entryPoint)
    },
    async eth_estimateUserOperationGas(params) {
      expectParams(params, 2, 3)
      const entryPoint = parseEntryPoint(params[1], entryPoints)
      const op = parseUserOperation(params[0], entryPoint, 'estimate')
      const override =
        params[2] === undefined || params[2] === null
          ? undefined
          : parse(stateOverride, params[2], 'stateOverride', 'is not a field of a state override')
      return toQuantities(await deps.estimateGas(op, entryPoint, override))
    },
    async eth_getUserOperationByHash(params) {
      expectParams(params, 1)
      const found = await deps.findUserOperation(parseHash(params[0]))
      if (!found) return null
      const { op, entryPoint, transactionHash, block } = found
      return {
        userOperation: entryPoint.toRpc(op),
        entryPoint: entryPoint.address,
        transactionHash,
        blockHash: block?.hash ?? null,
        blockNumber: block ? `0x${block.number.toString(16)}` : null,
      }
    },
    async eth_getUserOperationReceipt(params) {
      expectParams(params, 1)
      return (await deps.findReceipt(parseHash(params[0]))) ?? null
    },
  }
}

function toQuantities(fields: GasEstimateFields): Record<string, Hex> {
  const quantities: Record<string, Hex> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) quantities[name] = `0x${value.toString(16)}`
  }
  return quantities
}
