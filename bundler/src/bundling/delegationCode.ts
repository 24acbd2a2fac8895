import type { Address, Hex } from 'viem'
import { concatHex } from 'viem'

/** EIP-7702 delegation designator: the code of an account that is delegated to `delegate`. */
export function delegationCode(delegate: Address): Hex {
  return concatHex(['0xef0100', delegate]).toLowerCase() as Hex
}
