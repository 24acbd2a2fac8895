import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import type { ChainReader, StateOverride } from '../chain/reader.ts'
import type { Simulated, SimulatedValidation } from './entryPointSimulation.ts'
import { simulationOf } from './simulations.ts'
import { delegationOverride, mergeStateOverrides } from './stateOverride.ts'

/**
 * Runs account, factory and paymaster validation in one `eth_call`.
 * A bad signature, an aggregator or an elapsed time range is part of the result, not a revert.
 */
export async function simulateValidation(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  reader: Pick<ChainReader, 'call'>,
  stateOverride: StateOverride = {},
): Promise<Simulated<SimulatedValidation>> {
  const result = await reader.call(validationCall(op, entryPoint, stateOverride))
  return simulationOf(entryPoint).decodeSimulateValidation(result, entryPoint)
}

/** The call that `simulateValidation` makes. */
export function validationCall(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  stateOverride: StateOverride = {},
): { to: Address; data: Hex; stateOverride: StateOverride } {
  const simulation = simulationOf(entryPoint)
  return {
    to: entryPoint.address,
    data: simulation.encodeSimulateValidation(op, entryPoint),
    stateOverride: mergeStateOverrides(
      delegationOverride(op),
      stateOverride,
      simulation.override(entryPoint),
    ),
  }
}
