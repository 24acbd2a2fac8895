import { type Address, type Hash, numberToHex, pad, toEventSelector, zeroAddress } from 'viem'
import { parseAbi } from '../contracts/parseAbi.ts'
import { readContract } from '../contracts/readContract.ts'
import { tokenAddress } from '../contracts/tokens.ts'
import { withTypedErrors } from '../errors/explainFailure.ts'
import type { ReadClient } from '../types/client.ts'
import type { Token } from '../units/amounts.ts'
import { createRpcReader } from '../watch/rpcReader.ts'
import type { BlockId } from '../watch/trail.ts'

export type TokenCacheParameters = {
  /** Milliseconds for which the newest block is not asked for again; the chain client's polling interval by default. */
  cacheTime?: number | undefined
  /** Clock in milliseconds; the system's by default. */
  now?: (() => number) | undefined
}

export type TokenCache = {
  /** Balance in the smallest unit, read once for each block. */
  balance(parameters: { token: Token; account: Address }): Promise<bigint>
  /** Allowance in the smallest unit, kept until the owner approves or sends some of the token. */
  allowance(parameters: { token: Token; owner: Address; spender: Address }): Promise<bigint>
  /** Reads everything anew the next time, as after an operation of one's own. */
  clear(): void
}

/** Blocks over which an allowance is followed by its events; after more, reading it is cheaper. */
const followedBlocks = 1000n

const erc20 = parseAbi([
  'function balanceOf(address account) view returns (uint256)',
  'function allowance(address owner, address spender) view returns (uint256)',
])
const approval = toEventSelector('Approval(address,address,uint256)')
const transfer = toEventSelector('Transfer(address,address,uint256)')

type Kept = { value: bigint; at: BlockId }

/**
 * Balances and allowances for reading, not for deciding what to send: actions ask the chain themselves. The
 * chain is asked as seldom as they can change: a balance once for each block, an allowance until an
 * event of its owner. Blocks are told apart by their hashes, so that a reorganisation leaves nothing stale.
 * @example
 * const cache = createTokenCache(client)
 * const [balance, again] = [await cache.balance({ token: 'usdc', account: renter }), await cache.balance({ token: 'usdc', account: renter })]
 */
export function createTokenCache(
  client: ReadClient,
  { cacheTime = client.client.pollingInterval, now = Date.now }: TokenCacheParameters = {},
): TokenCache {
  const balances = new Map<string, Promise<bigint>>()
  const allowances = new Map<string, Promise<Kept>>()
  const reader = createRpcReader(client, { queries: [], confirmations: 0 })
  let head: { block: Promise<BlockId>; until: number } | undefined
  let ofBlock: Hash | undefined

  const newestBlock = async (): Promise<BlockId> => {
    if (!head || now() >= head.until) {
      const block = reader.target().then(({ number, hash }) => ({ number, hash: hash ?? '0x' }))
      head = { block, until: now() + cacheTime }
      block.catch(() => {
        head = undefined
      })
    }
    const block = await head.block
    if (block.hash !== ofBlock) balances.clear()
    ofBlock = block.hash
    return block
  }

  return {
    async balance({ token, account }) {
      const block = await newestBlock()
      const address = tokenAddress(client.contracts, token)
      return keep(balances, `${block.hash} ${address} ${account}`.toLowerCase(), () =>
        readBalance(client, { token: address, account, block }),
      )
    },
    async allowance({ token, owner, spender }) {
      const block = await newestBlock()
      const address = tokenAddress(client.contracts, token)
      // ETH is sent along and never approved.
      if (address === zeroAddress) return 0n
      const key = `${address} ${owner} ${spender}`.toLowerCase()
      const pair = { token: address, owner, spender, block }
      const known = await allowances.get(key)?.catch(() => undefined)
      if (known?.at.hash === block.hash) return known.value
      if (known && (await isFollowed(client, reader, { ...pair, known }))) {
        allowances.set(key, Promise.resolve({ value: known.value, at: block }))
        return known.value
      }
      allowances.delete(key)
      const read = async () => ({ value: await readAllowance(client, pair), at: block })
      return (await keep(allowances, key, read)).value
    },
    clear() {
      head = undefined
      ofBlock = undefined
      balances.clear()
      allowances.clear()
    },
  }
}

/** What is kept, or what is made; failures are not kept. */
function keep<value>(
  kept: Map<string, Promise<value>>,
  key: string,
  make: () => Promise<value>,
): Promise<value> {
  const known = kept.get(key)
  if (known) return known
  const made = make()
  kept.set(key, made)
  made.catch(() => {
    if (kept.get(key) === made) kept.delete(key)
  })
  return made
}

function readBalance(
  client: ReadClient,
  { token, account, block }: { token: Address; account: Address; block: BlockId },
): Promise<bigint> {
  const blockNumber = block.number
  return withTypedErrors(client, async () => {
    if (token !== zeroAddress) {
      const call = { abi: erc20, address: token, blockNumber } as const
      return readContract(client.client, { ...call, functionName: 'balanceOf', args: [account] })
    }
    const wei = await client.client.request({
      method: 'eth_getBalance',
      params: [account, numberToHex(blockNumber)],
    })
    return BigInt(wei)
  })
}

type Pair = { token: Address; owner: Address; spender: Address; block: BlockId }

const readAllowance = (client: ReadClient, { token, owner, spender, block }: Pair) =>
  withTypedErrors(client, () =>
    readContract(client.client, {
      abi: erc20,
      address: token,
      functionName: 'allowance',
      args: [owner, spender],
      blockNumber: block.number,
    }),
  )

/**
 * Whether nothing happened to an allowance since it was read: its block is still on the chain, and the owner has
 * neither approved nor sent any. Many tokens tell of an allowance that is used by the transfer alone.
 */
async function isFollowed(
  client: ReadClient,
  reader: ReturnType<typeof createRpcReader>,
  { token, owner, block, known }: Pair & { known: Kept },
): Promise<boolean> {
  const { at } = known
  if (block.number <= at.number || block.number - at.number > followedBlocks) return false
  const topics = [[approval, transfer], pad(owner)]
  const events = createRpcReader(client, {
    queries: [{ address: token, topics }],
    confirmations: 0,
  })
  const [logs, still] = await Promise.all([
    events.logsBetween(at.number + 1n, block.number),
    reader.block(at.number),
  ])
  return logs.length === 0 && still?.hash === at.hash
}
