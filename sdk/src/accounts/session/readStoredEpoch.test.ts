import { createClient, custom, encodePacked, type Hex, keccak256, numberToHex, toHex } from 'viem'
import { expect, test } from 'vitest'
import { readStoredEpoch } from './readStoredEpoch.ts'

/** ERC-7201: keccak256(keccak256(id) - 1), without its last byte. */
const slotOf = (id: string) =>
  numberToHex(
    BigInt(keccak256(numberToHex(BigInt(keccak256(toHex(id))) - 1n, { size: 32 }))) & ~0xffn,
    { size: 32 },
  )

test.each([
  { epoch: 0, word: `0x${'00'.repeat(32)}` as const },
  {
    epoch: 7,
    word: encodePacked(['uint64', 'uint32', 'address'], [0n, 7, `0x${'ff'.repeat(20)}`]),
  },
  {
    epoch: 2 ** 32 - 1,
    word: encodePacked(['uint64', 'uint32', 'address'], [1n, 2 ** 32 - 1, `0x${'00'.repeat(20)}`]),
  },
])('epoch $epoch stands above the owner', async ({ epoch, word }) => {
  const account = '0x1100000000000000000000000000000000000011'
  const asked: unknown[] = []
  const request = async ({ params }: { params: unknown }): Promise<Hex> => {
    asked.push(params)
    return word
  }
  const client = createClient({ transport: custom({ request }) })
  expect(await readStoredEpoch(client, account)).toBe(epoch)
  expect(asked).toEqual([[account, slotOf('fabstir.storage.Account'), 'latest']])
})
