import type { Hash } from 'viem'
import { hardhatDeployment } from '../../fixtures/hardhatDeployment.ts'
import { ceilings } from './ceilings.ts'
import type { GasChain, OnMeasured } from './gasChain.ts'
import { type GasParts, gasParts } from './gasParts.ts'
import { measureDirect } from './measureDirect.ts'
import { measureKeys, measurePasskeysWithoutPrecompile } from './measureKeys.ts'
import { measureOperations } from './measureOperations.ts'

type Measure = (chain: GasChain, onMeasured?: OnMeasured) => Promise<Record<string, number>>

/** Each part runs on a chain of its own, so that they do not warm each other up. */
const parts: readonly { measure: Measure; hardfork?: 'prague' }[] = [
  { measure: measureDirect },
  { measure: measureOperations },
  { measure: measureKeys },
  { measure: measurePasskeysWithoutPrecompile, hardfork: 'prague' },
]

/** Gas of every measured operation. */
export async function measureGas(): Promise<Record<string, number>> {
  const gas: Record<string, number> = {}
  for (const { measure, ...options } of parts) {
    Object.assign(gas, await measure(await hardhatDeployment(options)))
  }
  return gas
}

/** The same, and what is above its ceiling taken apart. */
export async function measureGasParts(): Promise<{
  gas: Record<string, number>
  apart: Map<string, GasParts>
}> {
  const gas: Record<string, number> = {}
  const apart = new Map<string, GasParts>()
  for (const { measure, ...options } of parts) {
    const chain = await hardhatDeployment(options)
    const hashes = new Map<string, Hash>()
    Object.assign(
      gas,
      await measure(chain, (operation, hash) => {
        hashes.set(operation, hash)
      }),
    )
    for (const { operation, ceiling } of ceilings) {
      const hash = hashes.get(operation)
      if (!hash || ceiling === undefined || (gas[operation] ?? 0) <= ceiling) continue
      apart.set(operation, await gasParts(chain.publicClient, hash))
    }
  }
  return { gas, apart }
}
