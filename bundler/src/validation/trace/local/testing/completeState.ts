import type { Address, Hex } from 'viem'
import { hexToBytes, keccak256, numberToHex } from 'viem'
import { emptyCodeHash, zeroWord } from '../state/stateKey.ts'
import type { StateView } from '../state/stateView.ts'

export type TestAccount = {
  balance?: bigint
  nonce?: bigint
  code?: Hex
  storage?: Record<Hex, Hex>
}

/** State of a chain that has these accounts and no others. Addresses and slots in lower case. */
export function completeState(accounts: Record<Address, TestAccount>): StateView {
  const codes = new Map(
    Object.values(accounts).map(({ code = '0x' }) => [keccak256(code), hexToBytes(code)]),
  )
  return {
    account(address) {
      const { balance = 0n, nonce = 0n, code = '0x' } = accounts[address] ?? {}
      return { balance, nonce, codeHash: code === '0x' ? emptyCodeHash : keccak256(code) }
    },
    code: (_, codeHash) => codes.get(codeHash) ?? new Uint8Array(),
    slot: (address, slot) => accounts[address]?.storage?.[slot] ?? zeroWord,
    blockHash: (number) => keccak256(numberToHex(number)),
  }
}
