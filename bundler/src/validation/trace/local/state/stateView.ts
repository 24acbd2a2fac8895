import type { Address, Hex } from 'viem'
import type { AccountState, StateKey } from './stateKey.ts'

/**
 * State of one block as a run reads it: at once, without promises.
 * @throws MissingStateError for what was not read from the node yet: the run is repeated when it was.
 */
export type StateView = {
  account(address: Address): AccountState
  code(address: Address, codeHash: Hex): Uint8Array
  /** A 32-byte word. */
  slot(address: Address, slot: Hex): Hex
  blockHash(number: bigint): Hex
}

/** A run came to state that is not here. */
export class MissingStateError extends Error {
  override name = 'MissingStateError'
  key: StateKey

  constructor(key: StateKey) {
    super(`${key.kind} is not known yet`)
    this.key = key
  }
}
