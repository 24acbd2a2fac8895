import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import type { Methods } from '../method.ts'
import { parseUserOperation } from '../schemas/userOperation.ts'
import { expectParams, parseEntryPoint, parseHash } from './params.ts'

/** Wei per gas. */
export type GasPrice = { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }

/** What permissionless clients know as the status of an operation. */
export type UserOperationStatus = {
  status: 'not_found' | 'not_submitted' | 'submitted' | 'rejected' | 'included' | 'reverted'
  transactionHash: Hex | null
  /** Only on a chain with preconfirmations. */
  preconfirmed?: true
}

export type PimlicoMethodDependencies = {
  gasPrice: () => Promise<{ slow: GasPrice; standard: GasPrice; fast: GasPrice }>
  statusOf: (hash: Hex) => Promise<UserOperationStatus>
  entryPoints: readonly EntryPointAdapter[]
  /** Accepts an operation, bundles it at once, and answers with its receipt. */
  sendNow: (op: UserOperation, entryPoint: EntryPointAdapter) => Promise<Record<string, unknown>>
}

/** Method names that existing SDKs call, so that their clients work unchanged. */
export function pimlicoMethods(deps: PimlicoMethodDependencies): Methods {
  return {
    async pimlico_getUserOperationGasPrice(params) {
      expectParams(params, 0)
      const { slow, standard, fast } = await deps.gasPrice()
      return {
        slow: toQuantities(slow),
        standard: toQuantities(standard),
        fast: toQuantities(fast),
      }
    },
    async pimlico_getUserOperationStatus(params) {
      expectParams(params, 1)
      return deps.statusOf(parseHash(params[0]))
    },
    async pimlico_sendUserOperationNow(params) {
      expectParams(params, 2)
      const entryPoint = parseEntryPoint(params[1], deps.entryPoints)
      return deps.sendNow(parseUserOperation(params[0], entryPoint, 'send'), entryPoint)
    },
    async rundler_maxPriorityFeePerGas(params) {
      expectParams(params, 0)
      const { standard } = await deps.gasPrice()
      return toQuantities(standard).maxPriorityFeePerGas
    },
  }
}

function toQuantities({ maxFeePerGas, maxPriorityFeePerGas }: GasPrice) {
  return {
    maxFeePerGas: `0x${maxFeePerGas.toString(16)}`,
    maxPriorityFeePerGas: `0x${maxPriorityFeePerGas.toString(16)}`,
  }
}
