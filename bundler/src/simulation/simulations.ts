import simulations08 from '@account-abstraction/contracts/artifacts/EntryPointSimulations.json' with {
  type: 'json',
}
import simulations07 from '@account-abstraction/contracts-v07/artifacts/EntryPointSimulations.json' with {
  type: 'json',
}
import simulations09 from '@account-abstraction/contracts-v09/artifacts/EntryPointSimulations.json' with {
  type: 'json',
}
import type { EntryPointAdapter, EntryPointVersion } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import type { EntryPointSimulation } from './entryPointSimulation.ts'
import { simulation06 } from './simulation06.ts'
import { simulation07 } from './simulation07.ts'

const simulations: Record<EntryPointVersion, EntryPointSimulation> = {
  '0.6': simulation06,
  '0.7': simulation07(simulations07.deployedBytecode as Hex),
  '0.8': simulation07(simulations08.deployedBytecode as Hex),
  '0.9': simulation07(simulations09.deployedBytecode as Hex),
}

/** How `entryPoint` is simulated. */
export function simulationOf(entryPoint: EntryPointAdapter): EntryPointSimulation {
  return simulations[entryPoint.version]
}
