import type { Address, Hex } from 'viem'
import type { StateOverride } from '../../../../chain/reader.ts'
import type { InterpretedCall } from '../interpreter/interpreter.ts'
import type { CodeHasher } from '../state/codeHasher.ts'
import { byAddress, toWord } from '../state/overriddenState.ts'
import type { StateEntry } from '../state/stateKey.ts'
import type { RequestBatcher } from './requestBatch.ts'
import type { ReadState } from './stateReader.ts'

/** An account as `prestateTracer` shows it: what is absent is zero or empty. */
type PrestateAccount = {
  balance?: Hex
  nonce?: number | Hex
  code?: Hex
  storage?: Record<Hex, Hex>
}

export type Prestate = Record<Address, PrestateAccount>

/**
 * The state that a call touches, by one request: the node runs it once and shows what it read.
 * @throws ChainError where the node has no `debug_traceCall`.
 */
export async function readPrestate(
  batcher: RequestBatcher,
  blockHash: Hex,
  { from, to, data, gas, stateOverride }: InterpretedCall,
  hash: CodeHasher,
): Promise<ReadState> {
  const call = { from, to, data, gas: `0x${gas.toString(16)}` }
  const options = { tracer: 'prestateTracer', stateOverrides: stateOverride }
  const prestate = await batcher.request('debug_traceCall', [call, { blockHash }, options])
  return fromPrestate(prestate as Prestate, stateOverride, hash)
}

/** What a prestate says of the chain itself: it shows overridden values, which no other call must see. */
export function fromPrestate(
  prestate: Prestate,
  stateOverride: StateOverride,
  hash: CodeHasher,
): ReadState {
  const overrides = byAddress(stateOverride)
  const entries: StateEntry[] = []
  const codes: [Hex, Uint8Array][] = []
  for (const [key, account] of Object.entries(prestate)) {
    const address = key.toLowerCase() as Address
    const override = overrides.get(address)
    if (!override) {
      const { balance = '0x0', nonce = 0, code = '0x' } = account
      const hashed = hash(code)
      const { codeHash } = hashed
      if (code !== '0x') codes.push([codeHash, hashed.code])
      entries.push({
        kind: 'account',
        address,
        balance: BigInt(balance),
        nonce: BigInt(nonce),
        codeHash,
      })
    }
    if (override?.state) continue
    const overridden = new Set(
      Object.keys(override?.stateDiff ?? {}).map((slot) => toWord(slot as Hex)),
    )
    for (const [name, value] of Object.entries(account.storage ?? {}) as [Hex, Hex][]) {
      const slot = toWord(name)
      if (!overridden.has(slot)) entries.push({ kind: 'slot', address, slot, value: toWord(value) })
    }
  }
  return { entries, codes }
}
