import type { Address } from 'viem'
import type { ChainReader } from './reader.ts'

const probe: Address = '0x00000000000000000000000000000000f0be0007'
/** MCOPY of nothing: Cancun brought it, and with it EIP-6780. */
const mcopy = '0x600080805e00' as const

/** [EIP-6780] Whether deployed code stays for ever: before Cancun, SELFDESTRUCT removes it. */
export async function hasFinalCode(reader: Pick<ChainReader, 'call'>): Promise<boolean> {
  const stateOverride = { [probe]: { code: mcopy } }
  const result = await reader.call({ to: probe, data: '0x', gas: 100_000n, stateOverride })
  return result.ok
}
