import type { Address, Hex } from 'viem'
import { concat, hexToBigInt, keccak256, numberToHex, pad } from 'viem'
import { describe, expect, test } from 'vitest'
import { associatedStorage } from './associatedStorage.ts'

const owner: Address = '0x00000000000000000000000000000000000000aa'
const other: Address = '0x00000000000000000000000000000000000000bb'
const word = (value: bigint): Hex => numberToHex(value, { size: 32 })
const entry = (address: Address, x: bigint): Hex => concat([pad(address), word(x)])
const behind = (preimage: Hex, n: bigint): Hex => word(hexToBigInt(keccak256(preimage)) + n)

describe('associated storage', () => {
  const preimages = [entry(owner, 3n), entry(other, 0n), entry(owner, 1n), entry(owner, 2n)]
  const associated = associatedStorage(preimages, [owner])

  test('is the slot that is the address itself', () => {
    expect(associated(pad(owner), owner)).toBe(true)
    expect(associated(pad(other), owner)).toBe(false)
  })

  test.each([
    [-1n, false],
    [0n, true],
    [128n, true],
    [129n, false],
  ])('[STO-021] slot %d behind each mapping entry: %s', (n, expected) => {
    const found = [1n, 2n, 3n].map((x) => associated(behind(entry(owner, x), n), owner))
    expect(found).toEqual([expected, expected, expected])
  })

  test('is not the entry of somebody else, nor one that nobody hashed', () => {
    expect(associated(behind(entry(other, 0n), 0n), owner)).toBe(false)
    expect(associated(behind(entry(owner, 9n), 0n), owner)).toBe(false)
    expect(associated(behind(entry(other, 0n), 0n), other)).toBe(false)
  })

  test('a hash of more or less than two words is no mapping entry', () => {
    const long = concat([entry(owner, 1n), word(0n)])
    expect(associatedStorage([long], [owner])(behind(long, 0n), owner)).toBe(false)
    expect(associatedStorage([pad(owner)], [owner])(behind(pad(owner), 0n), owner)).toBe(false)
  })

  test('the entry nearest below a slot decides, whatever the order of the hashes', () => {
    const many = Array.from({ length: 500 }, (_, x) => entry(owner, BigInt(x)))
    const starts = many.map((preimage) => hexToBigInt(keccak256(preimage)))
    const ask = associatedStorage(many, [owner])
    const probes = starts.flatMap((start) => [start - 1n, start, start + 128n, start + 129n])
    const expected = probes.map((at) => starts.some((start) => at >= start && at - start <= 128n))
    expect(probes.map((at) => ask(word(at), owner))).toEqual(expected)
  })
})
