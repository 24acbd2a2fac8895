import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { decodeFunctionResult, encodeFunctionData, parseAbi } from 'viem'
import type { ChainReader } from '../../chain/reader.ts'
import { smallerOf } from '../../math/amounts.ts'
import { RpcError, rpcErrorCode } from '../../types/rpcError.ts'
import type { DataAvailability } from './dataAvailability.ts'
import { bundleCalldata, operationGasPrice, withOfferMargin } from './dataAvailability.ts'
import type { DataAvailabilityDependencies } from './opStack.ts'
import { createStandingOffers } from './standingOffers.ts'

/** No contract: nodes of Arbitrum answer calls to it. */
const nodeInterface: Address = '0x00000000000000000000000000000000000000C8'
const nodeInterfaceAbi = parseAbi([
  'function gasEstimateL1Component(address to, bool contractCreation, bytes data) payable returns (uint64 gasEstimateForL1, uint256 baseFee, uint256 l1BaseFeeEstimate)',
])

/** What a node says about the data of one transaction. */
type Quote = {
  /** Gas of the chain at `baseFee` that pays for the data. */
  gas: bigint
  /** Wei per gas. */
  baseFee: bigint
  /** Wei per unit of L1 calldata. */
  l1BaseFee: bigint
}

type Prices = Pick<Quote, 'baseFee' | 'l1BaseFee'>

/** Data fee of Arbitrum, which a transaction pays as gas: the node compresses and says how much. */
export function createArbitrum({
  reader,
  standingMs,
  now,
}: Pick<DataAvailabilityDependencies, 'reader' | 'standingMs' | 'now'>): DataAvailability {
  const offers = createStandingOffers<Prices>({
    standingMs,
    now,
    isSame: (a, b) => a.baseFee === b.baseFee && a.l1BaseFee === b.l1BaseFee,
  })
  const quoteOf = (op: UserOperation, entryPoint: EntryPointAdapter) =>
    readQuote(entryPoint.address, bundleCalldata(op, entryPoint), reader)
  return {
    kind: 'arbitrum',
    async offered(op, entryPoint) {
      const quote = await quoteOf(op, entryPoint)
      offers.note(pricesOf(quote))
      return withOfferMargin(gasOf(op, quote, quote))
    },
    async demanded(op, entryPoint) {
      const quote = await quoteOf(op, entryPoint)
      return offers
        .note(pricesOf(quote))
        .map((prices) => gasOf(op, quote, prices))
        .reduce((least, gas) => smallerOf(least, gas))
    },
    async ofBundle({ entryPoint, data }) {
      const { gas, baseFee } = await readQuote(entryPoint.address, data, reader)
      return gas * baseFee
    },
  }
}

function pricesOf({ baseFee, l1BaseFee }: Quote): Prices {
  return { baseFee, l1BaseFee }
}

/**
 * Gas that the operation pays at `prices`. The bundle pays for its data at the base fee, whatever the
 * tip; the gas moves with the price of the L1.
 */
function gasOf(op: UserOperation, quote: Quote, prices: Prices): bigint {
  const wei =
    quote.l1BaseFee > 0n
      ? (quote.gas * quote.baseFee * prices.l1BaseFee) / quote.l1BaseFee
      : quote.gas * quote.baseFee
  const price = operationGasPrice(op, prices.baseFee)
  return (wei + price - 1n) / price
}

async function readQuote(
  to: Address,
  calldata: Hex,
  reader: Pick<ChainReader, 'call'>,
): Promise<Quote> {
  const functionName = 'gasEstimateL1Component'
  const data = encodeFunctionData({
    abi: nodeInterfaceAbi,
    functionName,
    args: [to, false, calldata],
  })
  const result = await reader.call({ to: nodeInterface, data })
  if (!result.ok || result.data === '0x')
    throw new RpcError(rpcErrorCode.nodeUnavailable, 'the node has no NodeInterface', {
      reason: 'dataFee',
    })
  const [gas, baseFee, l1BaseFee] = decodeFunctionResult({
    abi: nodeInterfaceAbi,
    functionName,
    data: result.data,
  })
  return { gas, baseFee, l1BaseFee }
}
