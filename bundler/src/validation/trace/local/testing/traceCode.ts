import type { Address, Hex } from 'viem'
import { numberToHex } from 'viem'
import type { StateOverride } from '../../../../chain/reader.ts'
import type { TraceFrame } from '../../trace.ts'
import { createEthereumjsInterpreter } from '../interpreter/ethereumjs/ethereumjsInterpreter.ts'
import type { EvmRules } from '../interpreter/interpreter.ts'
import type { TestAccount } from './completeState.ts'
import { completeState } from './completeState.ts'

export const caller: Address = '0x00000000000000000000000000000000000000c0'
export const target: Address = '0x00000000000000000000000000000000000000a1'
export const other: Address = '0x00000000000000000000000000000000000000b2'
export const nobody: Address = '0x00000000000000000000000000000000000000dd'
export const word = (value: number | bigint): Hex => numberToHex(value, { size: 32 })
export const sent = '0x11223344556677'

export const block = {
  number: 1_000n,
  timestamp: 1_700_000_000n,
  coinbase: '0x00000000000000000000000000000000000000cb',
  prevRandao: word(77),
  gasLimit: 30_000_000n,
  baseFee: 7n,
  blobBaseFee: 3n,
} as const

export type TestScene = {
  accounts?: Record<Address, TestAccount>
  stateOverride?: StateOverride
  gas?: bigint
  data?: Hex
  rules?: Partial<EvmRules>
  maxSteps?: number
}

/** Traces a call of `code`, which stands at `target`. */
export async function traceCode(code: Hex, scene: TestScene = {}) {
  const { accounts, stateOverride = {}, gas = 1_000_000n, data = sent, maxSteps = 100_000 } = scene
  const rules: EvmRules = { chainId: 31_337, fork: 'prague', ...scene.rules }
  return createEthereumjsInterpreter({ rules, maxSteps }).run(
    { from: caller, to: target, data, gas, stateOverride },
    block,
    completeState({ [target]: { code }, ...accounts }),
  )
}

/** The frame of that call. */
export async function rootFrame(code: Hex, scene?: TestScene): Promise<TraceFrame> {
  const [frame] = (await traceCode(code, scene)).frames
  if (!frame) throw new Error('no frame')
  return frame
}
