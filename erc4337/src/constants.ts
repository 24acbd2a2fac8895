import type { Address, Hex } from 'viem'

/** `factory` of an operation whose sender is delegated by EIP-7702 (EntryPoint 0.8 and later). */
export const eip7702FactoryMarker: Address = '0x7702000000000000000000000000000000000000'

/** What `validateUserOp` and `validatePaymasterUserOp` return in place of an aggregator for a bad signature. */
export const sigValidationFailed: Address = '0x0000000000000000000000000000000000000001'

/** Largest gas or fee value that an EntryPoint takes: 120 bits (AA94). */
export const maxGasValue = (1n << 120n) - 1n

/** Gas that a `callGasLimit` must hold at least when there is call data: a CALL with value. */
export const minCallGasLimit = 9_000n

/** Accounts whose call data starts with this selector are given the whole operation (IAccountExecute, since 0.7). */
export const executeUserOpSelector: Hex = '0x8dd7712f'
