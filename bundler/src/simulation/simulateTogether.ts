import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { decodeFunctionResult, encodeFunctionData } from 'viem'
import type { CallResult, ChainReader } from '../chain/reader.ts'
import { ChainError } from '../chain/reader.ts'
import { validationDriverAbi, validationDriverCode } from './generated/validationDriver.ts'
import { simulationOf } from './simulations.ts'
import { mergeStateOverrides } from './stateOverride.ts'
import { validationGas } from './validationGas.ts'

/** Operations that one call can return the outcomes of; `RESERVE` of ValidationDriver.sol is made for them. */
export const MAX_SIMULATED_OPERATIONS = 32
/** Bytes of the operations of one call, unless it is a single one. */
export const MAX_SIMULATED_BYTES = 131_072

/** An address without code, also of another chain. */
const driver: Address = '0x00000000000000000000000000000000b0d1eca2'
/** What geth allows for an `eth_call` unless told otherwise: no more than any operation may use up alone. */
const CALL_GAS = 50_000_000n
/** `State` of ValidationDriver.sol. */
const state = { undecided: 0, reverted: 1, returned: 2 }

/**
 * Runs the validations of several operations in one `eth_call`, each as `simulateValidation` runs it alone: none
 * sees anything of another (ValidationDriver.sol).
 * @param ops Such as need no state of their own.
 * @returns What such a call returns. An operation without a result is to be asked alone: the gas of this one did
 * not suffice for it, it used up all that it may, it returned too much, or the node refuses such calls.
 * @throws RpcError -32000 when the node cannot be reached.
 */
export async function simulateTogether(
  ops: readonly UserOperation[],
  entryPoint: EntryPointAdapter,
  reader: Pick<ChainReader, 'call'>,
): Promise<Map<UserOperation, CallResult>> {
  const simulation = simulationOf(entryPoint)
  // Whoever may use more comes later, so that it uses up the gas of others that may, too.
  const operations = ops
    .map((op) => {
      const data = simulation.encodeSimulateValidation(op, entryPoint)
      return { op, data, gas: validationGas(op, data) }
    })
    .sort((one, other) => Number(one.gas - other.gas))
  const outcomes = await runDriver(reader, entryPoint, operations)
  return new Map(
    operations.flatMap(({ op }, index) => {
      const outcome = outcomes[index]
      if (!outcome || outcome.state === state.undecided) return []
      const data = outcome.output
      const result: CallResult =
        outcome.state === state.returned
          ? { ok: true, data }
          : { ok: false, data, message: 'execution reverted' }
      return [[op, result] as const]
    }),
  )
}

async function runDriver(
  reader: Pick<ChainReader, 'call'>,
  entryPoint: EntryPointAdapter,
  operations: readonly { gas: bigint; data: Hex }[],
) {
  try {
    const result = await reader.call({
      to: driver,
      data: encodeFunctionData({
        abi: validationDriverAbi,
        functionName: 'simulate',
        args: [entryPoint.address, operations.map(({ gas, data }) => ({ gas, data }))],
      }),
      gas: CALL_GAS,
      stateOverride: mergeStateOverrides(simulationOf(entryPoint).override(entryPoint), {
        [driver]: { code: validationDriverCode },
      }),
    })
    return result.ok ? decodeOutcomes(result.data) : []
  } catch (error) {
    if (error instanceof ChainError) return []
    throw error
  }
}

function decodeOutcomes(data: Hex) {
  try {
    return decodeFunctionResult({ abi: validationDriverAbi, functionName: 'simulate', data })
  } catch {
    // Bytes of a node that does not run what it is given.
    return []
  }
}
