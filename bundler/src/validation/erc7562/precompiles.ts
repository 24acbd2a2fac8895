import type { Address } from 'viem'
import { hexToBigInt } from 'viem'

const lastPrecompile = 0x11n
/** EIP-7951, RIP-7212. */
const p256Verify = 0x100n

/** [OP-062] Precompiles that see no state: 0x1 to 0x11, and P256VERIFY. */
export function isPrecompile(address: Address): boolean {
  const number = hexToBigInt(address)
  return (number >= 1n && number <= lastPrecompile) || number === p256Verify
}
