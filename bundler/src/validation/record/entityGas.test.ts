import { expect, test } from 'vitest'
import type { EntityFrame } from '../erc7562/scene.ts'
import type { TraceFrame } from '../trace/trace.ts'
import { entityGas } from './entityGas.ts'

const frame = (gasUsed?: bigint): TraceFrame => ({
  parent: 0,
  type: 'CALL',
  from: '0x',
  address: '0x',
  codeAddress: '0x',
  selector: '0x',
  value: 0n,
  opcodes: new Map(),
  storage: { reads: [], writes: [], transientReads: [], transientWrites: [] },
  touched: [],
  outOfGas: false,
  output: '0x',
  reverted: false,
  ...(gasUsed !== undefined && { gasUsed }),
})

test('an entity used what its frames did, without what the EntryPoint did for it', () => {
  const library = frame(300n)
  const depositTo = frame(25_000n)
  const frames: EntityFrame[] = [
    { entity: 'account', frame: frame(26_000n), children: [library, depositTo] },
    { entity: 'account', frame: library, children: [] },
    { entity: 'paymaster', frame: frame(90n), children: [] },
  ]
  expect(entityGas(frames)).toEqual({ account: 1_000n, paymaster: 90n })
})

test('nothing is said of a trace that does not tell gas everywhere', () => {
  const silent = frame()
  expect(entityGas([{ entity: 'account', frame: silent, children: [] }])).toBeUndefined()
  expect(entityGas([{ entity: 'account', frame: frame(9n), children: [silent] }])).toBeUndefined()
})
