import type { Address, Hex } from 'viem'
import { concat, keccak256, pad, zeroHash } from 'viem'

/** Slot of `deposits[account]`: every EntryPoint keeps this mapping first. */
export function depositSlot(account: Address): Hex {
  return keccak256(concat([pad(account, { size: 32 }), zeroHash]))
}
