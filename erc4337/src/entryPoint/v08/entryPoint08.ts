import { entryPoint08Abi, entryPoint08Address } from 'viem/account-abstraction'
import type { EntryPointAdapter } from '../adapter.ts'
import { packedEntryPoint } from '../v07/packedEntryPoint.ts'
import { unusedGasCharge08 } from './unusedGasCharge08.ts'

/** EntryPoint 0.8: EIP-712 hash, EIP-7702 senders. */
export const entryPoint08: EntryPointAdapter = packedEntryPoint({
  version: '0.8',
  address: entryPoint08Address,
  abi: entryPoint08Abi,
  supports: {
    eip7702: true,
    paymasterSignature: false,
    paymasterGasLimits: true,
    blockRanges: false,
    fullCostInPostOp: true,
  },
  unusedGasCharge: unusedGasCharge08,
  unmeasuredGas: {
    bundle: 9_200n,
    operation: 7_380n,
    word: 10n,
    executeUserOp: { operation: 1_680n, word: 8n },
    validationData: 370n,
  },
})
