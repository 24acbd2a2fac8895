import type { Hash, Hex } from 'viem'
import { concat, keccak256, numberToHex, size, slice } from 'viem'
import type { Vault } from '../deposits/vault.ts'
import type { KeeperWallet } from '../keeper/keeperWallet.ts'

/** What is bid first, and most: the fourth bid is refused. */
const highestBid = 3

/** A chain with one vault and one keeper: what was sent is mined when the test says so. */
export function keeperChain() {
  const state = {
    nonce: 0,
    receipts: new Map<Hash, 'done' | 'failed'>(),
    sent: [] as Hex[],
    isReachable: true,
    baseFeeIsTooHigh: false,
  }
  const signed = (data: Hex, nonce: number, bid: number) => {
    const raw = concat([data, numberToHex(nonce, { size: 1 }), numberToHex(bid, { size: 1 })])
    return { hash: keccak256(raw), raw }
  }
  const wallet: KeeperWallet = {
    keeper: '0x5555555555555555555555555555555555555555',
    async prepare({ data }) {
      if (state.baseFeeIsTooHigh) return undefined
      return { ...signed(data, state.nonce, 1), nonce: state.nonce, maxCost: 50n }
    },
    async bump(raw) {
      const end = size(raw)
      const bid = Number(slice(raw, end - 1))
      if (bid >= highestBid) return undefined
      return signed(slice(raw, 0, end - 2), Number(slice(raw, end - 2, end - 1)), bid + 1)
    },
    async send(raw) {
      if (state.isReachable) state.sent.push(raw)
    },
    async outcome({ hashes, nonce }) {
      const hash = hashes.find((each) => state.receipts.has(each))
      const result = hash && state.receipts.get(hash)
      if (hash && result) return { state: result, hash, cost: 20n }
      return { state: state.nonce > nonce ? 'replaced' : 'pending' }
    },
  }
  /** Mines what was sent last, or another of those. */
  const mine = (status: 'done' | 'failed' = 'done', raw = state.sent.at(-1)) => {
    if (raw) state.receipts.set(keccak256(raw), status)
    state.nonce++
  }
  const vault: Vault = {
    budget: async () => ({ available: 5_000n, dailyCap: 5_000n, balance: 9_000n }),
    topUp: (to, amount) => ({ to, data: concat([to, numberToHex(amount, { size: 4 })]) }),
  }
  return { state, wallet, vault, mine }
}
