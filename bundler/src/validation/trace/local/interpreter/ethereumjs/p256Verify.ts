import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import type { PrecompileFunc } from '@ethereumjs/evm'
import { EVMError, getActivePrecompiles } from '@ethereumjs/evm'

const osaka = new Common({ chain: Mainnet, hardfork: Hardfork.Osaka })

/** P256VERIFY at the price of the chain: RIP-7212 and EIP-7951 differ in nothing else. */
export function p256Verify(gas: bigint): PrecompileFunc {
  const verify = getActivePrecompiles(osaka).get(`${'0'.repeat(37)}100`)
  if (!verify) throw new Error('the EVM has no P256VERIFY')
  return async (input) => {
    if (input.gasLimit < gas) {
      return {
        executionGasUsed: input.gasLimit,
        returnValue: new Uint8Array(),
        exceptionError: new EVMError(EVMError.errorMessages.OUT_OF_GAS),
      }
    }
    const result = await verify({ ...input, gasLimit: 1n << 32n })
    return { ...result, executionGasUsed: gas }
  }
}
