import type { Hex } from 'viem'
import type { Methods } from '../method.ts'
import { expectParams, parseHash } from './params.ts'

/** Wei per gas. */
export type GasPrice = { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }

/** What permissionless clients know as the status of an operation. */
export type UserOperationStatus = {
  status: 'not_found' | 'not_submitted' | 'submitted' | 'rejected' | 'included' | 'reverted'
  transactionHash: Hex | null
}

export type PimlicoMethodDependencies = {
  gasPrice: () => Promise<{ slow: GasPrice; standard: GasPrice; fast: GasPrice }>
  statusOf: (hash: Hex) => Promise<UserOperationStatus>
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
  }
}

function toQuantities({ maxFeePerGas, maxPriorityFeePerGas }: GasPrice) {
  return {
    maxFeePerGas: `0x${maxFeePerGas.toString(16)}`,
    maxPriorityFeePerGas: `0x${maxPriorityFeePerGas.toString(16)}`,
  }
}
