import type { Hex } from 'viem'

/** Decoded revert data of an EntryPoint. */
export type EntryPointRevert =
  /** `FailedOp(opIndex, reason)`, and `FailedOpWithRevert` with the entity's own revert data in `inner`. */
  | { kind: 'failedOp'; opIndex: number; reason: string; aaCode: string | undefined; inner: Hex | undefined }
  /** `SignatureValidationFailed(aggregator)`. */
  | { kind: 'aggregator'; data: Hex }
  /** `Error(string)` or `Panic(uint256)` outside of any operation. */
  | { kind: 'message'; message: string }
  | { kind: 'unknown'; data: Hex }
