import type { Address, Hex } from 'viem'

/** Decoded revert data of an EntryPoint. */
export type EntryPointRevert =
  /** `FailedOp(opIndex, reason)`, and `FailedOpWithRevert` with the entity's own revert data in `inner`. */
  | {
      kind: 'failedOp'
      opIndex: number
      reason: string
      aaCode: string | undefined
      inner: Hex | undefined
    }
  /** `SignatureValidationFailed(aggregator)`. */
  | { kind: 'aggregator'; data: Hex }
  /** `Error(string)` or `Panic(uint256)` outside of any operation. */
  | { kind: 'message'; message: string }
  | { kind: 'unknown'; data: Hex }

/** The hash of an operation with the EIP-7702 marker needs the delegate, which only its authorization tells. */
export class DelegateUnknownError extends Error {
  override name = 'DelegateUnknownError'
  sender: Address

  constructor(sender: Address) {
    super(`operation of ${sender} has an EIP-7702 factory but no eip7702Auth`)
    this.sender = sender
  }
}
