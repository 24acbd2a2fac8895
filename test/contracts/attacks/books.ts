import { fabTokenAbi, jobMarketplaceAbi, nodeRegistryAbi } from '@fabstir/contracts/abi'
import { type Address, zeroAddress } from 'viem'
import { expect } from 'vitest'
import type { AttackChain } from './attackChain.ts'

/** Amounts by what they are, like "victim's ETH" or "owed to host in USDC". */
export type Books = Record<string, bigint>

type Session = { token: Address; deposit: bigint; status: number }
type Escrow = { token: Address; amount: bigint; bond: bigint; status: number }

const open = { session: [1, 2], escrow: [1, 2] }

/**
 * Everything that anybody has or is owed. `people` and `tokens` may grow: whoever gets money must be among them, or
 * {@link conserved} finds it missing.
 */
export function keepBooks(
  { book, publicClient, read }: AttackChain,
  people: Map<string, Address>,
  tokens: Map<string, Address>,
) {
  const market = <Value>(name: string, ...args: unknown[]) =>
    read<Value>(book.marketplace, jobMarketplaceAbi, name, args)
  const balance = (token: Address, holder: Address) =>
    token === zeroAddress
      ? publicClient.getBalance({ address: holder })
      : read<bigint>(token, fabTokenAbi, 'balanceOf', [holder])

  async function books(): Promise<Books> {
    const lines: [string, Promise<bigint>][] = []
    for (const [symbol, token] of tokens) {
      const fees = market<readonly [bigint, bigint]>('feeLedger', token)
      lines.push(
        [`${symbol} in the marketplace`, balance(token, book.marketplace)],
        [`${symbol} in the pool of stakers`, balance(token, book.stakersPool)],
        [`${symbol} that the marketplace owes`, market('liabilities', token)],
        [`${symbol} fees for the treasury`, fees.then(([protocol]) => protocol)],
        [`${symbol} fees for the stakers`, fees.then(([, stakers]) => stakers)],
      )
      for (const [name, address] of people) {
        lines.push(
          [`${symbol} of ${name}`, balance(token, address)],
          [`${symbol} owed to ${name}`, market('withdrawable', address, token)],
        )
      }
    }
    lines.push(['FAB in the registry', balance(book.fab, book.registry)])
    for (const [name, address] of people) {
      type Node = { stake: bigint; unbonding: bigint }
      const node = read<Node>(book.registry, nodeRegistryAbi, 'getNode', [address])
      lines.push(
        [`FAB of ${name}`, balance(book.fab, address)],
        [`stake of ${name}`, node.then(({ stake }) => stake)],
        [`unbonding of ${name}`, node.then(({ unbonding }) => unbonding)],
      )
    }
    const amounts = await Promise.all(lines.map(async ([name, amount]) => [name, await amount]))
    return Object.fromEntries(amounts) as Books
  }

  /** To the wei: the marketplace holds what it owes, and what it owes is owed to somebody. */
  async function conserved(): Promise<void> {
    const owed = new Map([...tokens.values()].map((token) => [token.toLowerCase(), 0n]))
    const add = (token: Address, amount: bigint) =>
      owed.set(token.toLowerCase(), (owed.get(token.toLowerCase()) ?? 0n) + amount)
    const last = await market<bigint>('lastJobId')
    for (let id = 1n; id <= last; id++) {
      // Single jobs are no sessions: their ids come from the same counter.
      const session = await market<Session>('getSessionDetails', id).catch(() => undefined)
      if (session) {
        if (open.session.includes(session.status)) add(session.token, session.deposit)
        add(session.token, (await market<{ bond: bigint }>('attestedWork', id)).bond)
        continue
      }
      const escrow = await market<Escrow>('getEscrow', await market('escrowIdOf', id))
      if (open.escrow.includes(escrow.status)) add(escrow.token, escrow.amount + escrow.bond)
    }
    for (const [symbol, token] of tokens) {
      for (const address of people.values())
        add(token, await market('withdrawable', address, token))
      const [protocol, stakers] = await market<readonly [bigint, bigint]>('feeLedger', token)
      add(token, protocol + stakers)
      const liabilities = await market<bigint>('liabilities', token)
      expect(owed.get(token.toLowerCase()), `${symbol} owed to somebody`).toBe(liabilities)
      expect(await balance(token, book.marketplace), `${symbol} held`).toBe(liabilities)
    }
  }

  return {
    books,
    conserved,
    /** What an action changed in the books, after having found them conserved. */
    async changesOf(action: () => Promise<unknown>): Promise<Books> {
      const before = await books()
      await action()
      const after = await books()
      await conserved()
      return Object.fromEntries(
        Object.entries(after)
          .map(([name, amount]) => [name, amount - (before[name] ?? 0n)] as const)
          .filter(([, change]) => change !== 0n),
      )
    },
  }
}
