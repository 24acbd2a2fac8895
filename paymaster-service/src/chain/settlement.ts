import type { Address } from 'viem'
import { isAddressEqual } from 'viem'
import type { Advance, AdvanceResult, FollowedBlock, Ledger } from '../ledger/ledger.ts'
import type { ChainReader, OperationEvent, OperationEventFilter } from './chainReader.ts'

/** Most blocks in one step: nodes bound the range of eth_getLogs. */
export const maxRange = 500n
/** Blocks that a reorganisation deeper than what is followed is looked for below. */
const depthBelow = 256n
/** Senders in one filter. */
const maxSenders = 200
/** Senders that are looked for by name; of more, the operations of everybody are read. */
const maxNamed = 1_000

export type FollowedPaymaster = { entryPoint: Address; paymaster: Address }

export type SettlementParameters = {
  chain: ChainReader
  ledger: Ledger
  chainId: number
  /**
   * Every paymaster that signs or has signed, with its EntryPoint. Asked for with each step, after the
   * head: a paymaster that comes later pays in later blocks only.
   */
  paymasters: () => Promise<readonly FollowedPaymaster[]>
  /** Blocks above a block until it is settled; 0 settles the newest at once. */
  confirmations: number
  /** Seconds after the end of a signature until its reservation is released. */
  expiryMargin: number
  /** Blocks in this step, up to {@link maxRange}, which is the default. */
  range?: bigint
}

/**
 * Brings the ledger one step nearer to the chain: undoes blocks that are gone, settles what our
 * paymasters paid, releases nonces that others paid for, and what can no longer be included. Several
 * instances may follow one chain: each step is applied once, to the ledger that it was made for.
 * @returns What changed, and whether there is more to follow; `undefined` when there is no new block.
 * @throws NodeUnavailableError
 */
export async function followChain(
  parameters: SettlementParameters,
): Promise<(AdvanceResult & { more: boolean }) | undefined> {
  const { chain, ledger, chainId, confirmations, expiryMargin, range = maxRange } = parameters
  const head = await chain.block('latest')
  if (!head) return undefined
  const paymasters = await parameters.paymasters()
  const depth = BigInt(confirmations)
  const safe = head.number > depth ? head.number - depth : 0n
  const place = await placeOnChain(parameters, head)
  if (place === 'unknown') return undefined
  const fromBlock = place ? place.number + 1n : safe
  if (fromBlock > safe) return undefined
  const toBlock = safe - fromBlock >= range ? fromBlock + range - 1n : safe

  const senders = await ledger.outstandingSenders(chainId, maxNamed + 1)
  // Asked together, so that one node answers both: a provider's node that lags behind the one that
  // knew the head has no events of the newest blocks, and does not know their last block either.
  // The block first: a reorg in between shows at the next step as another hash.
  const [through, events] = await Promise.all([
    chain.block(toBlock),
    // A new ledger has no reservations: it only takes its place on the chain.
    place ? readEvents(chain, paymasters, { fromBlock, toBlock }, senders) : [],
  ])
  if (!through) return undefined
  const result = await ledger.advance({
    chainId,
    from: place,
    through,
    ...classify(chainId, paymasters, events),
    expireBefore: through.timestamp - expiryMargin,
  })
  // Another instance was faster: what it left is the next step's.
  return result && { ...result, more: toBlock < safe }
}

/**
 * The newest followed block that is still on the chain, everything above it undone; `undefined` for a
 * ledger without a place, `unknown` when this node cannot tell or another instance is at it.
 */
async function placeOnChain(
  { chain, ledger, chainId }: SettlementParameters,
  head: FollowedBlock,
): Promise<FollowedBlock | undefined | 'unknown'> {
  const followed = await ledger.followedBlocks(chainId)
  const [newest] = followed
  if (!newest) return undefined
  let replaced = false
  for (const block of followed) {
    // This node is behind the one that knew the block: that is no reorganisation.
    if (block.number > head.number) continue
    const onChain = await chain.block(block.number)
    if (!onChain) return 'unknown'
    if (onChain.hash !== block.hash) {
      replaced = true
      continue
    }
    if (block === newest) return block
    if (!replaced) return 'unknown'
    return (await ledger.rewind(chainId, newest, block)) ? block : 'unknown'
  }
  if (!replaced) return 'unknown'
  // Deeper than what is kept, and nobody knows how deep: a ledger that is new has one block. What lies
  // below is read again as well.
  const { number: oldest } = followed.at(-1) ?? newest
  const below = await chain.block(oldest > depthBelow ? oldest - depthBelow : 0n)
  if (!below) return 'unknown'
  return (await ledger.rewind(chainId, newest, below)) ? below : 'unknown'
}

async function readEvents(
  chain: ChainReader,
  paymasters: readonly FollowedPaymaster[],
  range: { fromBlock: bigint; toBlock: bigint },
  senders: readonly Address[],
): Promise<OperationEvent[]> {
  const entryPoints = [...new Set(paymasters.map(({ entryPoint }) => entryPoint))]
  const filter = { ...range, entryPoints }
  // Every second some thousand filters are more than a node bears.
  if (senders.length > maxNamed) return [...(await chain.operationEvents(filter))]
  const filters: OperationEventFilter[] = [
    { ...filter, paymasters: paymasters.map(({ paymaster }) => paymaster) },
  ]
  for (let start = 0; start < senders.length; start += maxSenders)
    filters.push({ ...filter, senders: senders.slice(start, start + maxSenders) })
  return (await Promise.all(filters.map((each) => chain.operationEvents(each)))).flat()
}

function classify(
  chainId: number,
  paymasters: readonly FollowedPaymaster[],
  events: readonly OperationEvent[],
): Pick<Advance, 'charges' | 'consumed'> {
  const charges = new Map<string, Advance['charges'][number]>()
  const consumed: Advance['consumed'][number][] = []
  for (const event of events) {
    const { sender, nonce, blockNumber, userOpHash, transactionHash, success } = event
    for (const { entryPoint, paymaster } of paymasters) {
      if (!isAddressEqual(entryPoint, event.entryPoint)) continue
      const key = { chainId, paymaster, sender, nonce, blockNumber }
      // Of two paymasters of one EntryPoint, the nonce is gone for the one that did not pay.
      if (isAddressEqual(event.paymaster, paymaster))
        charges.set(userOpHash, {
          ...key,
          userOpHash,
          success,
          cost: event.actualGasCost,
          transactionHash,
        })
      else consumed.push(key)
    }
  }
  return { charges: [...charges.values()], consumed }
}
