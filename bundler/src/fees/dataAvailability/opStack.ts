import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import {
  decodeFunctionResult,
  encodeFunctionData,
  hexToBytes,
  parseAbi,
  serializeTransaction,
} from 'viem'
import type { ChainReader } from '../../chain/reader.ts'
import { smallerOf } from '../../math/amounts.ts'
import { RpcError, rpcErrorCode } from '../../types/rpcError.ts'
import type { DataAvailability } from './dataAvailability.ts'
import { bundleCalldata, operationGasPrice, withOfferMargin } from './dataAvailability.ts'
import type { OpStackPrices } from './opStackFee.ts'
import { l1DataFee, operatorFee } from './opStackFee.ts'
import { createStandingOffers } from './standingOffers.ts'

/** Predeploy of every chain of the OP stack. */
export const gasPriceOracle: Address = '0x420000000000000000000000000000000000000F'

export const gasPriceOracleAbi = parseAbi([
  'function isFjord() view returns (bool)',
  'function l1BaseFee() view returns (uint256)',
  'function blobBaseFee() view returns (uint256)',
  'function baseFeeScalar() view returns (uint32)',
  'function blobBaseFeeScalar() view returns (uint32)',
  'function getOperatorFee(uint256 gasUsed) view returns (uint256)',
])

export type DataAvailabilityDependencies = {
  reader: Pick<ChainReader, 'call'>
  chainId: number
  gasPrice: () => Promise<{ baseFee: bigint }>
  /** Prices are read once for each; every time while it is unknown. */
  head: () => { hash: Hex } | undefined
  /** Milliseconds that an estimate stands while prices rise. */
  standingMs: number
  /** Unix milliseconds. */
  now: () => number
}

/** L1 data fee and operator fee of the OP stack since Fjord, computed here from the prices of each head. */
export function createOpStack(dependencies: DataAvailabilityDependencies): DataAvailability {
  const { reader, chainId, gasPrice, head, standingMs, now } = dependencies
  const offers = createStandingOffers<OpStackPrices>({ standingMs, now, isSame })
  let cached: { hash: Hex; prices: Promise<OpStackPrices> } | undefined

  async function prices(): Promise<OpStackPrices> {
    const hash = head()?.hash
    if (hash && cached?.hash === hash) return cached.prices
    const read = readPrices(reader, gasPrice)
    if (hash) {
      const entry = { hash, prices: read }
      cached = entry
      // A failure is not an answer: the next caller asks again.
      read.catch(() => {
        if (cached === entry) cached = undefined
      })
    }
    return read
  }

  return {
    kind: 'opStack',
    async offered(op, entryPoint) {
      const current = await prices()
      offers.note(current)
      return withOfferMargin(gasOf(op, bundleOf(op, entryPoint, chainId), entryPoint, current))
    },
    async demanded(op, entryPoint) {
      const transaction = bundleOf(op, entryPoint, chainId)
      const standing = offers.note(await prices())
      return standing
        .map((price) => gasOf(op, transaction, entryPoint, price))
        .reduce((least, gas) => smallerOf(least, gas))
    },
    async ofBundle({ entryPoint, data, gasUsed }) {
      const current = await prices()
      const transaction = transactionOf(entryPoint.address, data, chainId)
      return l1DataFee(transaction, current) + operatorFee(gasUsed, current)
    },
  }
}

function isSame(a: OpStackPrices, b: OpStackPrices): boolean {
  return (
    a.l1BaseFee === b.l1BaseFee &&
    a.blobBaseFee === b.blobBaseFee &&
    a.baseFeeScalar === b.baseFeeScalar &&
    a.blobBaseFeeScalar === b.blobBaseFeeScalar &&
    a.operatorFeeConstant === b.operatorFeeConstant &&
    a.operatorFeePerMillionGas === b.operatorFeePerMillionGas &&
    a.baseFee === b.baseFee
  )
}

/** About what a bundle takes beside the limits of its only operation, for the operator fee. */
const bundleGas = 60_000n

/** Gas that pays both fees at the price of the operation. */
function gasOf(
  op: UserOperation,
  transaction: Uint8Array,
  entryPoint: EntryPointAdapter,
  prices: OpStackPrices,
): bigint {
  const gas = entryPoint.requiredGas(op) - op.preVerificationGas + bundleGas
  const wei = l1DataFee(transaction, prices) + operatorFee(gas, prices)
  const price = operationGasPrice(op, prices.baseFee)
  return (wei + price - 1n) / price
}

/** Of a signature; its bytes do not compress. */
const someWord = (last: string): Hex =>
  `0x9d1e4b73f05a28c6b7e2104d86f93ac15be8d27f6093a4c1e8b5d2f70a3c69${last}`

/** The transaction of a bundle of this operation alone. */
function bundleOf(op: UserOperation, entryPoint: EntryPointAdapter, chainId: number): Uint8Array {
  return transactionOf(entryPoint.address, bundleCalldata(op, entryPoint), chainId)
}

function transactionOf(to: Address, data: Hex, chainId: number): Uint8Array {
  const serialized = serializeTransaction(
    {
      type: 'eip1559',
      chainId,
      nonce: 0xffff,
      to,
      gas: 0xffffffn,
      maxFeePerGas: 0xb4c3d2a1n,
      maxPriorityFeePerGas: 0xa1b2c3d4n,
      data,
    },
    { r: someWord('1b'), s: someWord('2c'), yParity: 1 },
  )
  return hexToBytes(serialized)
}

/** Gas for which the operator fee is asked: it is linear, whatever the fork makes of its parameters. */
const millionGas = 1_000_000n

async function readPrices(
  reader: Pick<ChainReader, 'call'>,
  gasPrice: DataAvailabilityDependencies['gasPrice'],
): Promise<OpStackPrices> {
  const number = async (
    functionName: 'l1BaseFee' | 'blobBaseFee' | 'baseFeeScalar' | 'blobBaseFeeScalar',
  ) => {
    const data = encodeFunctionData({ abi: gasPriceOracleAbi, functionName })
    const result = await reader.call({ to: gasPriceOracle, data })
    if (!result.ok || result.data === '0x') throw noPrice(functionName)
    return BigInt(decodeFunctionResult({ abi: gasPriceOracleAbi, functionName, data: result.data }))
  }
  const fee = async (gas: bigint) => {
    const functionName = 'getOperatorFee'
    const data = encodeFunctionData({ abi: gasPriceOracleAbi, functionName, args: [gas] })
    const result = await reader.call({ to: gasPriceOracle, data })
    // Before Isthmus there is none.
    if (!result.ok || result.data === '0x') return 0n
    return decodeFunctionResult({ abi: gasPriceOracleAbi, functionName, data: result.data })
  }
  const [l1BaseFee, blobBaseFee, baseFeeScalar, blobBaseFeeScalar, none, million, { baseFee }] =
    await Promise.all([
      number('l1BaseFee'),
      number('blobBaseFee'),
      number('baseFeeScalar'),
      number('blobBaseFeeScalar'),
      fee(0n),
      fee(millionGas),
      gasPrice(),
    ])
  return {
    l1BaseFee,
    blobBaseFee,
    baseFeeScalar,
    blobBaseFeeScalar,
    operatorFeeConstant: none,
    operatorFeePerMillionGas: million - none,
    baseFee,
  }
}

function noPrice(name: string): RpcError {
  return new RpcError(rpcErrorCode.nodeUnavailable, `the GasPriceOracle has no ${name}`, {
    reason: 'dataFee',
  })
}
