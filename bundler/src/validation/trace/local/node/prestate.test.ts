import type { Address, Hex } from 'viem'
import { keccak256, numberToHex } from 'viem'
import { describe, expect, test } from 'vitest'
import type { StateOverride } from '../../../../chain/reader.ts'
import { createCodeHasher } from '../state/codeHasher.ts'
import { emptyCodeHash } from '../state/stateKey.ts'
import { fromPrestate } from './prestate.ts'

const address: Address = '0x00000000000000000000000000000000000000ab'
const checksummed: Address = '0x00000000000000000000000000000000000000AB'
const word = (value: number): Hex => numberToHex(value, { size: 32 })
const slot = (number: number, value: number) => {
  return { kind: 'slot', address, slot: word(number), value: word(value) } as const
}
const account = { balance: '0x5', nonce: 7, code: '0x6001' } as const
const known = { kind: 'account', address, balance: 5n, nonce: 7n, codeHash: keccak256('0x6001') }

describe('what a prestate says of the chain', () => {
  test('accounts with their code, and slots', () => {
    const { entries, codes } = fromPrestate(
      { [checksummed]: { ...account, storage: { '0x1': '0x2' } } },
      {},
      createCodeHasher(4),
    )
    expect(entries).toEqual([known, slot(1, 2)])
    expect(codes).toEqual([[keccak256('0x6001'), Uint8Array.of(0x60, 1)]])
  })

  test('what is absent is zero or empty; nonces come as numbers or in hex', () => {
    const { entries } = fromPrestate({ [address]: { nonce: '0x10' } }, {}, createCodeHasher(4))
    expect(entries).toEqual([{ ...known, balance: 0n, nonce: 16n, codeHash: emptyCodeHash }])
  })

  // What an override covers is the caller's own word: another call must not take it for the chain's.
  test.each([
    { override: { code: '0x00' }, kept: [slot(1, 2), slot(3, 4)] },
    { override: { balance: '0x9' }, kept: [slot(1, 2), slot(3, 4)] },
    { override: { nonce: '0x9' }, kept: [slot(1, 2), slot(3, 4)] },
    { override: { stateDiff: { '0x1': word(2) } }, kept: [slot(3, 4)] },
    { override: { state: { [word(1)]: word(2) } }, kept: [] },
  ] satisfies { override: StateOverride[Address]; kept: unknown[] }[])(
    '$override: only what it leaves',
    ({ override, kept }) => {
      const storage = { [word(1)]: word(2), [word(3)]: word(4) }
      const { entries, codes } = fromPrestate(
        { [address]: { ...account, storage } },
        { [checksummed]: override },
        createCodeHasher(4),
      )
      expect(entries).toEqual(kept)
      expect(codes).toEqual([])
    },
  )
})
