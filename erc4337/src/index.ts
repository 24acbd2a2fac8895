export {
  eip7702FactoryMarker,
  executeUserOpSelector,
  maxGasValue,
  minCallGasLimit,
  sigValidationFailed,
} from './constants.ts'
export type { Entity, StakeInfo } from './entities.ts'
export { accusedEntity, entitiesOf } from './entities.ts'
export type { EntryPointAdapter, EntryPointVersion, UnmeasuredGas } from './entryPoint/adapter.ts'
export { decodeRevert } from './entryPoint/decodeRevert.ts'
export type { EntryPointRevert } from './entryPoint/errors.ts'
export { DelegateUnknownError } from './entryPoint/errors.ts'
export {
  defaultEntryPoint,
  entryPointAdapters,
  getEntryPointAdapter,
} from './entryPoint/registry.ts'
export type { CalldataGas } from './gas/calldata.ts'
export { calldataGas } from './gas/calldata.ts'
export type { PreVerificationGasParameters } from './gas/preVerificationGas.ts'
export { requiredPreVerificationGas } from './gas/preVerificationGas.ts'
export type { UserOperation } from './userOperation.ts'
export type { ValidationData, ValidityRange } from './validationData.ts'
export { intersectValidity, parseValidationData, ValidityUnitError } from './validationData.ts'
export { addressWord, halfWord, joinHex, word } from './words.ts'
