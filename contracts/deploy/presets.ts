import type { Address } from 'viem'
import {
  entryPoint07Address,
  entryPoint08Address,
  entryPoint09Address,
} from 'viem/account-abstraction'
import type { DeployParameters } from './deployFabstir.ts'

/** What differs between the chains that the system is deployed on. */
export type ChainPreset = Required<Pick<DeployParameters, 'entryPoints' | 'otherEntryPoints'>> & {
  chainId: number
  name: string
  /** Name on the command line. */
  alias: string
  timelockDelay: bigint
  /** Absent on the local chain, where a test USDC is deployed. */
  usdc?: Address
  /** Blocks after which the monitor takes an event for final. */
  confirmations: number
}

const entryPoints = [
  { address: entryPoint08Address, version: '0.8' },
  { address: entryPoint09Address, version: '0.9' },
] as const

const otherEntryPoints = [{ address: entryPoint07Address, version: '0.7' }] as const

/** The same two days everywhere: the delay is part of the timelock's CREATE2 address. */
const timelockDelay = 172_800n

export const chainPresets: readonly ChainPreset[] = [
  {
    chainId: 31_337,
    name: 'local chain',
    alias: 'local',
    entryPoints,
    otherEntryPoints,
    timelockDelay,
    confirmations: 0,
  },
  {
    chainId: 84_532,
    name: 'Base Sepolia',
    alias: 'base-sepolia',
    entryPoints,
    otherEntryPoints,
    timelockDelay,
    usdc: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
    confirmations: 20,
  },
  {
    chainId: 8_453,
    name: 'Base',
    alias: 'base',
    entryPoints,
    otherEntryPoints,
    timelockDelay,
    usdc: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
    confirmations: 60,
  },
]

/**
 * Preset by chain id or by name on the command line.
 * @throws {@link UnknownChainError}
 */
export function chainPreset(chain: number | string): ChainPreset {
  const found = chainPresets.find(
    ({ chainId, alias }) => alias === chain || `${chainId}` === `${chain}`,
  )
  if (!found) throw new UnknownChainError(chain)
  return found
}

export class UnknownChainError extends Error {
  override name = 'UnknownChainError'
  constructor(chain: number | string) {
    const known = chainPresets.map(({ alias, chainId }) => `${alias} (${chainId})`).join(', ')
    super(`no preset for chain "${chain}"; there are ${known}`)
  }
}
