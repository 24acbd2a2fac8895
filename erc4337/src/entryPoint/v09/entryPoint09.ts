import { entryPoint09Abi, entryPoint09Address } from 'viem/account-abstraction'
import type { EntryPointAdapter } from '../adapter.ts'
import { packedEntryPoint } from '../v07/packedEntryPoint.ts'
import { unusedGasCharge08 } from '../v08/unusedGasCharge08.ts'
import { separatePaymasterSignature } from './paymasterSignature.ts'

/** EntryPoint 0.9: paymaster signature outside the hash, validity in blocks, initCode of existing accounts ignored. */
export const entryPoint09: EntryPointAdapter = packedEntryPoint({
  version: '0.9',
  address: entryPoint09Address,
  abi: entryPoint09Abi,
  supports: {
    eip7702: true,
    paymasterSignature: true,
    paymasterGasLimits: true,
    blockRanges: true,
    fullCostInPostOp: true,
  },
  unusedGasCharge: unusedGasCharge08,
  unmeasuredGas: {
    bundle: 9_115n,
    operation: 7_530n,
    word: 10n,
    executeUserOp: { operation: 1_680n, word: 8n },
    validationData: 475n,
  },
  normalise: separatePaymasterSignature,
})
