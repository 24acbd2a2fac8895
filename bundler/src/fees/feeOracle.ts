import type { ChainReader } from '../chain/reader.ts'
import type { GasPrices } from './feeRules.ts'
import { gasPrices } from './feeRules.ts'

export type FeeOracle = {
  /** @throws RpcError -32000 when the node cannot be reached. */
  gasPrice(): Promise<GasPrices>
  /** Asks the node now, because there is a new block; in one turn, so that it can share a body with others. */
  refresh(): void
}

export type FeeOracleDependencies = {
  reader: Pick<ChainReader, 'request'>
  /** Milliseconds that an answer is used for. 0, the default, asks every time. */
  maxAgeMs?: number
  /** Unix milliseconds; only needed with `maxAgeMs`. */
  now?: () => number
}

/** Blocks whose rewards are looked at. */
const historyBlocks = 10
/** Percentiles of the priority fees of a block: slow, standard, fast. */
const percentiles = [10, 50, 90]

type FeeHistory = {
  baseFeePerGas: string[]
  reward?: string[][]
  gasUsedRatio: number[]
}

/** Prices from the node's fee history; concurrent callers share one request. */
export function createFeeOracle({
  reader,
  maxAgeMs = 0,
  now = Date.now,
}: FeeOracleDependencies): FeeOracle {
  type Asked = { at: number; prices: Promise<GasPrices> }
  let latest: Asked | undefined

  function ask(previous?: Asked): Asked {
    const asked: Asked = { at: now(), prices: readPrices(reader) }
    if (maxAgeMs > 0) {
      latest = asked
      // A failure is not an answer: the prices of the block before are, or the next caller asks again.
      asked.prices.catch(() => {
        if (latest === asked) latest = previous
      })
    }
    return asked
  }

  return {
    gasPrice() {
      if (latest && now() - latest.at < maxAgeMs) return latest.prices
      return ask().prices
    },
    refresh() {
      ask(latest)
    },
  }
}

async function readPrices(reader: Pick<ChainReader, 'request'>): Promise<GasPrices> {
  const [history, suggested] = (await Promise.all([
    reader.request('eth_feeHistory', [`0x${historyBlocks.toString(16)}`, 'latest', percentiles]),
    reader.request('eth_maxPriorityFeePerGas', []),
  ])) as [FeeHistory, string]
  // The last entry is the block after the newest.
  const baseFee = BigInt(history.baseFeePerGas.at(-1) ?? '0x0')
  return gasPrices(baseFee, priorityFees(history, BigInt(suggested)))
}

/** The node's suggestion, lowered or raised to what blocks with transactions really took. */
function priorityFees(history: FeeHistory, suggested: bigint) {
  const rewards = (history.reward ?? []).filter(
    (_, block) => (history.gasUsedRatio[block] ?? 0) > 0,
  )
  const percentile = (index: number) => median(rewards.map((row) => BigInt(row[index] ?? '0x0')))
  const slow = percentile(0)
  const fast = percentile(2)
  return {
    slow: slow !== undefined && slow > 0n && slow < suggested ? slow : suggested,
    standard: suggested,
    fast: fast !== undefined && fast > suggested ? fast : suggested,
  }
}

function median(values: bigint[]): bigint | undefined {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return sorted[sorted.length >> 1]
}
