import { topUpVaultAbi } from '@fabstir/contracts/abi'
import type { Address, Hash, Hex, LocalAccount } from 'viem'
import { createPublicClient, encodeFunctionData, http, keccak256 } from 'viem'
import { NodeUnavailableError } from '../chain/chainReader.ts'
import type { TopUpState } from './planTopUp.ts'

export type SignedTransaction = { hash: Hash; raw: Hex; nonce: number }

/** The vault, and the keeper that may ask it. Every method throws {@link NodeUnavailableError}. */
export type VaultWallet = {
  keeper: Address
  vault(paymaster: Address): Promise<TopUpState['vault']>
  /** Signs `topUp(paymaster, amount)` with the keeper's next nonce; nothing is sent. */
  prepare(paymaster: Address, amount: bigint): Promise<SignedTransaction>
  /** Sends it, perhaps once more. */
  send(raw: Hex): Promise<void>
  /** `pending`, or how it ended. */
  outcome(transaction: {
    hash: Hash
    nonce: number
  }): Promise<'pending' | 'done' | 'failed' | 'replaced'>
}

/** A day's budget moves with the time of the block: more than an estimate says, in percent. */
const gasMargin = 130n
/** Times the base fee that is bid: a top-up must not wait for cheaper blocks. */
const feeMargin = 3n

export function httpVaultWallet({
  rpcUrl,
  chainId,
  vault,
  account,
  timeoutMs = 10_000,
}: {
  rpcUrl: string
  chainId: number
  vault: Address
  account: LocalAccount
  timeoutMs?: number
}): VaultWallet {
  const client = createPublicClient({
    transport: http(rpcUrl, { batch: true, timeout: timeoutMs, retryCount: 1 }),
  })
  const contract = { address: vault, abi: topUpVaultAbi } as const

  return {
    keeper: account.address,

    vault: (paymaster) =>
      answered(async () => {
        const args = [paymaster] as const
        const [available, [dailyCap], balance] = await Promise.all([
          client.readContract({ ...contract, functionName: 'available', args }),
          client.readContract({ ...contract, functionName: 'paymasterOf', args }),
          client.getBalance({ address: vault }),
        ])
        return { available, dailyCap, balance }
      }),

    prepare: (paymaster, amount) =>
      answered(async () => {
        const data = encodeFunctionData({
          abi: topUpVaultAbi,
          functionName: 'topUp',
          args: [paymaster, amount],
        })
        const [nonce, block, tip, gas] = await Promise.all([
          client.getTransactionCount({ address: account.address, blockTag: 'latest' }),
          client.getBlock({ includeTransactions: false }),
          client.estimateMaxPriorityFeePerGas(),
          client.estimateGas({ account: account.address, to: vault, data }),
        ])
        const raw = await account.signTransaction({
          type: 'eip1559',
          chainId,
          to: vault,
          data,
          nonce,
          gas: (gas * gasMargin) / 100n,
          maxFeePerGas: feeMargin * (block.baseFeePerGas ?? 0n) + tip,
          maxPriorityFeePerGas: tip,
        })
        return { hash: keccak256(raw), raw, nonce }
      }),

    async send(raw) {
      // "already known", "nonce too low": what became of it shows in its receipt.
      await client.sendRawTransaction({ serializedTransaction: raw }).catch(() => undefined)
    },

    outcome: ({ hash, nonce }) =>
      answered(async () => {
        // The nonce first: a receipt that comes in between is found.
        const next = await client.getTransactionCount({ address: account.address })
        const receipt = await client.request({
          method: 'eth_getTransactionReceipt',
          params: [hash],
        })
        if (receipt) return receipt.status === '0x1' ? 'done' : 'failed'
        return next > nonce ? 'replaced' : 'pending'
      }),
  }
}

async function answered<value>(ask: () => Promise<value>): Promise<value> {
  try {
    return await ask()
  } catch (cause) {
    throw new NodeUnavailableError(cause)
  }
}
