import {
  type Address,
  decodeAbiParameters,
  decodeFunctionData,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
} from 'viem'
import { parseAbi, parseAbiParameters } from '../../contracts/parseAbi.ts'
import { CallDataError } from '../../errors/callData.ts'

/** One inner call of an account. */
export type AccountCall = { to: Address; value?: bigint | undefined; data?: Hex | undefined }

/** ERC-7821: a batch that reverts as a whole, without opData. */
export const batchMode = '0x0100000000000000000000000000000000000000000000000000000000000000'

const executeAbi = parseAbi([
  'function execute(bytes32 mode, bytes executionData) payable',
  'function executeBatch((address target, uint256 value, bytes data)[] operations) payable',
])
const callsParameters = parseAbiParameters('(address target, uint256 value, bytes data)[] calls')

/** Calldata of ERC-7821 `execute(mode, abi.encode(calls))`. */
export function encodeExecute(calls: readonly AccountCall[]): Hex {
  const executions = calls.map(({ to, value = 0n, data = '0x' }) => ({ target: to, value, data }))
  return encodeFunctionData({
    abi: executeAbi,
    functionName: 'execute',
    args: [batchMode, encodeAbiParameters(callsParameters, [executions])],
  })
}

/**
 * Calls in the calldata of `execute` or `executeBatch`.
 * @throws {CallDataError} When it is neither, or a mode other than the batch without opData.
 */
export function decodeExecute(data: Hex): AccountCall[] {
  return decodeExecutions(data).map(({ target, value, data }) => ({ to: target, value, data }))
}

function decodeExecutions(data: Hex) {
  const call = decode(data)
  if (call.functionName === 'executeBatch') return call.args[0]
  const [mode, executionData] = call.args
  if (mode !== batchMode) throw new CallDataError({ data })
  return decodeAbiParameters(callsParameters, executionData)[0]
}

function decode(data: Hex) {
  try {
    return decodeFunctionData({ abi: executeAbi, data })
  } catch (cause) {
    throw new CallDataError({ data, cause: cause as Error })
  }
}
