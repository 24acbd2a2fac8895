import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { zeroAddress } from 'viem'
import type { ChainReader, StateOverride } from '../chain/reader.ts'
import type { Simulated, SimulatedValidation } from '../simulation/entryPointSimulation.ts'
import { validationCall } from '../simulation/simulateValidation.ts'
import { simulationOf } from '../simulation/simulations.ts'
import { validationGas } from '../simulation/validationGas.ts'
import type { TraceSource, ValidationTrace } from './trace/trace.ts'

export type TracedValidation = { simulated: Simulated<SimulatedValidation>; trace: ValidationTrace }

/** Runs account, factory and paymaster validation once, and records what they do. */
export async function traceValidation(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  source: TraceSource,
  options: { node?: Pick<ChainReader, 'request'>; stateOverride?: StateOverride } = {},
): Promise<TracedValidation> {
  const call = validationCall(op, entryPoint, options.stateOverride)
  const gas = validationGas(op, call.data)
  const trace = await source.trace(
    { ...call, from: zeroAddress, gas, blockTag: 'latest' },
    options.node,
  )
  return {
    trace,
    simulated: simulationOf(entryPoint).decodeSimulateValidation(trace.result, entryPoint),
  }
}
