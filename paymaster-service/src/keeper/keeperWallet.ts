import type { Address, Hash, Hex, LocalAccount } from 'viem'
import { createPublicClient, http, keccak256, parseTransaction } from 'viem'
import { NodeUnavailableError } from '../chain/chainReader.ts'
import type { Fees, Market } from './bumpFees.ts'
import { bumpFees, firstFees } from './bumpFees.ts'

export type SignedTransaction = {
  hash: Hash
  raw: Hex
  nonce: number
  /** Wei that it costs at most. */
  maxCost: bigint
}

export type Call = { to: Address; data: Hex }

/** How a transaction ended, with what was paid for it, wei. */
export type Outcome =
  | { state: 'pending' }
  | { state: 'done' | 'failed'; hash: Hash; cost: bigint }
  /** Another transaction took its nonce. */
  | { state: 'replaced' }

/** The account that a service sends transactions from. Every method throws {@link NodeUnavailableError}. */
export type KeeperWallet = {
  keeper: Address
  /** Signs a call with the keeper's next nonce; nothing is sent. `undefined` while gas costs more than may be bid. */
  prepare(call: Call): Promise<SignedTransaction | undefined>
  /** Signs the same with more fee; `undefined` where it may not be more. */
  bump(raw: Hex): Promise<Pick<SignedTransaction, 'hash' | 'raw'> | undefined>
  /** Sends it, perhaps once more. */
  send(raw: Hex): Promise<void>
  /** What became of the transaction with this nonce, by all hashes that it was sent with. */
  outcome(transaction: { hashes: readonly Hash[]; nonce: number }): Promise<Outcome>
}

/** What is read may move until the block: more gas than an estimate says, in percent. */
const gasMargin = 130n

export function httpKeeperWallet({
  rpcUrl,
  chainId,
  account,
  maxFeePerGas: highest,
  timeoutMs = 10_000,
}: {
  rpcUrl: string
  chainId: number
  account: LocalAccount
  /** Most that is bid, wei per gas. */
  maxFeePerGas: bigint
  timeoutMs?: number
}): KeeperWallet {
  const client = createPublicClient({
    transport: http(rpcUrl, { batch: true, timeout: timeoutMs, retryCount: 1 }),
  })

  async function market(): Promise<Market> {
    const [block, tip] = await Promise.all([
      client.getBlock({ includeTransactions: false }),
      client.estimateMaxPriorityFeePerGas(),
    ])
    return { baseFee: block.baseFeePerGas ?? 0n, tip }
  }

  const sign = (call: Call, { nonce, gas, ...fees }: Fees & { nonce: number; gas: bigint }) =>
    account.signTransaction({ type: 'eip1559', chainId, ...call, nonce, gas, ...fees })

  return {
    keeper: account.address,

    prepare: (call) =>
      answered(async () => {
        const [nonce, now, estimate] = await Promise.all([
          client.getTransactionCount({ address: account.address, blockTag: 'latest' }),
          market(),
          client.estimateGas({ account: account.address, ...call }),
        ])
        const fees = firstFees(now, highest)
        if (!fees) return undefined
        const gas = (estimate * gasMargin) / 100n
        const raw = await sign(call, { ...fees, nonce, gas })
        return { hash: keccak256(raw), raw, nonce, maxCost: gas * fees.maxFeePerGas }
      }),

    bump: (before) =>
      answered(async () => {
        const { to, data, nonce, gas, maxFeePerGas, maxPriorityFeePerGas } = parseTransaction(
          before as `0x02${string}`,
        )
        const fees = bumpFees(
          {
            maxFeePerGas: maxFeePerGas ?? 0n,
            maxPriorityFeePerGas: maxPriorityFeePerGas ?? 0n,
          },
          await market(),
          highest,
        )
        if (!fees || !to || gas === undefined) return undefined
        const raw = await sign({ to, data: data ?? '0x' }, { ...fees, nonce: nonce ?? 0, gas })
        return { hash: keccak256(raw), raw }
      }),

    async send(raw) {
      // "already known", "nonce too low": what became of it shows in its receipt.
      await client.sendRawTransaction({ serializedTransaction: raw }).catch(() => undefined)
    },

    outcome: ({ hashes, nonce }) =>
      answered(async () => {
        // The nonce first: a receipt that comes in between is found.
        const next = await client.getTransactionCount({ address: account.address })
        const receipts = await Promise.all(
          hashes.map((hash) =>
            client.request({ method: 'eth_getTransactionReceipt', params: [hash] }),
          ),
        )
        const receipt = receipts.find((each) => each !== null)
        if (!receipt) return { state: next > nonce ? 'replaced' : 'pending' }
        return {
          state: receipt.status === '0x1' ? 'done' : 'failed',
          hash: receipt.transactionHash,
          cost: BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice),
        }
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
