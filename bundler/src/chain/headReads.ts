import type { Address } from 'viem'
import { accountProbeCall, decodeAccountProbe } from './accountProbe.ts'
import type { Block } from './block.ts'
import { getTransactionCountAt } from './blocks.ts'
import type { ChainReader } from './reader.ts'

/** What is read with every block, in the body that asks for its logs. */
export type HeadReads = {
  /** Asks for everything about a new head, in one turn. */
  begin(head: Block): void
  /** Transactions that an account had at a block; asked for again when `begin` did not. */
  transactionCountAt(address: Address, block: Pick<Block, 'number' | 'hash'>): Promise<number>
  /** Wei of the watched accounts, as `begin` asked last. */
  balances(): Promise<ReadonlyMap<Address, bigint>>
}

export function createHeadReads(deps: {
  reader: Pick<ChainReader, 'call' | 'request'>
  /** Accounts whose balances are watched. */
  accounts: readonly Address[]
  /** Executors with bundles in flight: their nonces are about to be asked for. */
  busy: () => readonly Address[]
}): HeadReads {
  let block: Block | undefined
  let counts = new Map<Address, Promise<number>>()
  let balances: Promise<ReadonlyMap<Address, bigint>> = Promise.resolve(new Map())

  async function readBalances(): Promise<ReadonlyMap<Address, bigint>> {
    const { accounts } = deps
    const answer = await deps.reader.call(accountProbeCall(accounts))
    if (!answer.ok) return new Map()
    const states = decodeAccountProbe(accounts, answer.data)
    return new Map(accounts.map((address, index) => [address, states[index]?.balance ?? 0n]))
  }

  return {
    begin(head) {
      block = head
      counts = new Map(
        deps.busy().map((address) => [address, getTransactionCountAt(deps.reader, address, head)]),
      )
      balances = readBalances()
      // Whoever wants an answer gets the failure with it.
      for (const started of [balances, ...counts.values()]) started.catch(() => undefined)
    },
    transactionCountAt(address, at) {
      const asked = block?.hash === at.hash ? counts.get(address) : undefined
      // Once: settling the same block again must not see an old failure.
      counts.delete(address)
      return asked ?? getTransactionCountAt(deps.reader, address, at)
    },
    balances: () => balances,
  }
}
