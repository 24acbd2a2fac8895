import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { size, zeroAddress } from 'viem'
import type { ChainReader, StateOverride } from '../chain/reader.ts'
import type { Simulated, SimulatedValidation } from '../simulation/entryPointSimulation.ts'
import { validationCall } from '../simulation/simulateValidation.ts'
import { simulationOf } from '../simulation/simulations.ts'
import type { TraceSource, ValidationTrace } from './trace/trace.ts'

export type TracedValidation = { simulated: Simulated<SimulatedValidation>; trace: ValidationTrace }

/** Gas for what the EntryPoint does around the entities, and what 63/64 keeps back. */
const aroundEntities = 5_000_000n
/** Gas for a byte of call data at most (EIP-7623). */
const perByte = 40n

/** Runs account, factory and paymaster validation once, and records what they do. */
export async function traceValidation(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  source: TraceSource,
  options: { node?: Pick<ChainReader, 'request'>; stateOverride?: StateOverride } = {},
): Promise<TracedValidation> {
  const call = validationCall(op, entryPoint, options.stateOverride)
  // Factory and account are each given verificationGasLimit, before their sum is held against it (AA26).
  const entities =
    2n * op.verificationGasLimit + (op.paymasterVerificationGasLimit ?? op.verificationGasLimit)
  const gas = entities + aroundEntities + perByte * BigInt(size(call.data))
  const trace = await source.trace(
    { ...call, from: zeroAddress, gas, blockTag: 'latest' },
    options.node,
  )
  return {
    trace,
    simulated: simulationOf(entryPoint).decodeSimulateValidation(trace.result, entryPoint),
  }
}
