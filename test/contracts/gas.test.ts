import { beforeAll, expect, test } from 'vitest'
import { ceilings } from './gas/ceilings.ts'
import { measureGas } from './gas/measureGas.ts'

let gas: Record<string, number>
beforeAll(async () => {
  gas = await measureGas()
})

test('every measured operation has a line, and every line is measured', () => {
  expect(Object.keys(gas).toSorted()).toEqual(ceilings.map(({ operation }) => operation).toSorted())
})

test('operations keep to their ceilings, save those that say why not', () => {
  const above = ceilings.filter(
    ({ operation, ceiling }) => ceiling !== undefined && (gas[operation] ?? 0) > ceiling,
  )
  const explained = ceilings.filter((line) => line.above !== undefined)
  expect(above.map(({ operation }) => operation)).toEqual(
    explained.map(({ operation }) => operation),
  )
})

test('a session saves at least 85 percent of what 50 single jobs cost', () => {
  const single = gas['50 single jobs'] ?? 0
  const session = gas['session of 50 prompts, 5 checkpoints'] ?? single
  expect(1 - session / single).toBeGreaterThan(0.85)
})

test('gas is that of the committed snapshot', async () => {
  await expect(`${JSON.stringify(gas, null, 2)}\n`).toMatchFileSnapshot('gas.snapshot.json')
})
