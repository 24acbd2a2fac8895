import type { Provider } from 'ethers'
import { pad } from 'viem'
import { describe, expect, test, vi } from 'vitest'
import { testContracts } from '../testing/addressBook.ts'
import { batchHash, batchWallet } from '../testing/batchWallet.ts'
import { EthersTransactionError, FabstirSigner } from './fabstirSigner.ts'

/** Of the bundle, which is another one than that of the operation. */
const transactionHash = pad('0x7a')

/** What a signer answers whose provider knows transactions as `getTransaction` says. */
async function sendBy(getTransaction: () => Promise<{ hash: string } | null>) {
  const receipt = { transactionHash, blockNumber: '0x1', logs: [], status: '0x1' }
  const { client } = await batchWallet({
    eth_getUserOperationReceipt: () => ({
      userOpHash: batchHash,
      success: true,
      logs: [],
      receipt,
    }),
  })
  const provider = { getTransaction: vi.fn(getTransaction) }
  const signer = new FabstirSigner(client, provider as unknown as Provider)
  const sent = await signer
    .sendTransaction({ to: testContracts.marketplace })
    .catch((error: unknown) => error)
  return { sent, asked: provider.getTransaction.mock.calls }
}

describe('sendTransaction', () => {
  test('resolves with the transaction that holds the operation, when the provider knows it', async () => {
    const response = { hash: transactionHash }
    let count = 0
    const { sent, asked } = await sendBy(async () => {
      count += 1
      if (count === 2) throw new Error('away')
      return count < 3 ? null : response
    })
    expect(sent).toBe(response)
    expect(asked).toEqual([[transactionHash], [transactionHash], [transactionHash]])
  })

  test.each([
    ['never knows it', async () => null],
    ['never answers', () => new Promise<null>(() => undefined)],
  ])('ends with its hash when the provider %s', async (_, getTransaction) => {
    const { sent } = await sendBy(getTransaction)
    expect(sent).toBeInstanceOf(EthersTransactionError)
    expect(sent).toMatchObject({ message: expect.stringContaining(transactionHash) })
  })
})
