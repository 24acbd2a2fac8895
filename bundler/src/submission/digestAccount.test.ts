import { parseTransaction, recoverTransactionAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { testAddress, testHash } from '../testing/pooledOperation.ts'
import { digestAccount, ForeignSignatureError } from './digestAccount.ts'

const key = privateKeyToAccount(testHash(7))
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const transaction = {
  chainId: 1,
  type: 'eip1559',
  nonce: 3,
  to: testAddress(2),
  gas: 21_000n,
  maxFeePerGas: 5n,
  maxPriorityFeePerGas: 1n,
} as const

/** A KMS that gives the other valid `s` when told to. */
const keeper = (high: boolean, account = key) => ({
  address: key.address,
  async signDigest(digest: `0x${string}`) {
    const signature = await account.sign({ hash: digest })
    const [r, s] = [BigInt(signature.slice(0, 66)), BigInt(`0x${signature.slice(66, 130)}`)]
    return { r, s: high ? order - s : s }
  },
})

test.each([{ high: false }, { high: true }])(
  'signs as the key itself would, when its keeper gives a high s: $high',
  async ({ high }) => {
    for (let nonce = 0; nonce < 8; nonce++) {
      const unsigned = { ...transaction, nonce }
      const raw = await digestAccount(keeper(high)).signTransaction(unsigned)
      expect(raw).toBe(await key.signTransaction(unsigned))
      expect(
        await recoverTransactionAddress({ serializedTransaction: raw as `0x02${string}` }),
      ).toBe(key.address)
      expect(parseTransaction(raw)).toMatchObject({ nonce })
    }
  },
)

test('a keeper that signs with another key is found out', async () => {
  const foreign = keeper(false, privateKeyToAccount(testHash(8)))
  await expect(digestAccount(foreign).signTransaction(transaction)).rejects.toThrow(
    ForeignSignatureError,
  )
})
