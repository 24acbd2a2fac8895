import { entryPoint07Abi, entryPoint07Address } from 'viem/account-abstraction'
import type { EntryPointAdapter } from '../adapter.ts'
import { packedEntryPoint } from './packedEntryPoint.ts'

/** EntryPoint 0.7: packed operations, separate paymaster gas limits, 10 % charge on all unused gas. */
export const entryPoint07: EntryPointAdapter = packedEntryPoint({
  version: '0.7',
  address: entryPoint07Address,
  abi: entryPoint07Abi,
  supports: {
    eip7702: false,
    paymasterSignature: false,
    paymasterGasLimits: true,
    blockRanges: false,
    fullCostInPostOp: false,
  },
  unusedGasCharge: (callGasLimit, postOpGasLimit) => (callGasLimit + postOpGasLimit) / 10n,
  unmeasuredGas: {
    bundle: 11_030n,
    operation: 7_690n,
    word: 10n,
    executeUserOp: { operation: 1_900n, word: 70n },
    validationData: 365n,
  },
})
