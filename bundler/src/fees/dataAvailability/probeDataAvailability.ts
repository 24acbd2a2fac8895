import { encodeFunctionData, toHex } from 'viem'
import type { ChainReader } from '../../chain/reader.ts'
import type { DataAvailability } from './dataAvailability.ts'
import { gasPriceOracle, gasPriceOracleAbi } from './opStack.ts'

/** Precompile that every chain of Arbitrum has, with the code 0xfe. */
const arbGasInfo = '0x000000000000000000000000000000000000006C'

/**
 * How this chain charges for data, by what it answers.
 * @throws UnsupportedDataFeeError for a chain of the OP stack before Fjord.
 * @throws RpcError -32000 when the node cannot be reached.
 */
export async function probeDataAvailability(
  reader: Pick<ChainReader, 'call' | 'request'>,
): Promise<DataAvailability['kind']> {
  const isFjord = encodeFunctionData({ abi: gasPriceOracleAbi, functionName: 'isFjord' })
  const [oracleCode, arbitrumCode, fjord] = await Promise.all([
    reader.request('eth_getCode', [gasPriceOracle, 'latest']),
    reader.request('eth_getCode', [arbGasInfo, 'latest']),
    reader.call({ to: gasPriceOracle, data: isFjord }),
  ])
  if (arbitrumCode === '0xfe') return 'arbitrum'
  if (oracleCode === '0x') return 'none'
  if (fjord.ok && fjord.data === toHex(1, { size: 32 })) return 'opStack'
  throw new UnsupportedDataFeeError()
}

/** The chain charges for data in a way that this program does not know. */
export class UnsupportedDataFeeError extends Error {
  override name = 'UnsupportedDataFeeError'

  constructor() {
    super(
      `the GasPriceOracle at ${gasPriceOracle} is not of Fjord or later; set dataAvailability to none to bear the data fee`,
    )
  }
}
