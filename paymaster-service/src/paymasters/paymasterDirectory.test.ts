import type { Address } from 'viem'
import { getAddress } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../store/openStore.ts'
import type { Store } from '../store/store.ts'
import { createPaymasterDirectory } from './paymasterDirectory.ts'
import { insertRotation } from './rotationStore.ts'
import type { PaymasterTables } from './tables.ts'
import { paymastersArea } from './tables.ts'

const address = (digit: string): Address => getAddress(`0x${digit.repeat(40)}`)
const entryPoint = address('1')
const otherEntryPoint = address('2')
const [a, b, c] = [address('a'), address('b'), address('c')]

let store: Store

beforeEach(async () => {
  store = await openStore('memory', [paymastersArea])
})
afterEach(() => store.close())

const open = (paymaster: Address, of = entryPoint, chainId = 1) =>
  createPaymasterDirectory(store, { chainId, configured: [{ entryPoint: of, paymaster }] })

test('what another instance signs for is followed before it signs, and never signed for here', async () => {
  const one = await open(a)
  await open(b)
  await open(c, otherEntryPoint)
  expect(await one.refresh()).toEqual([
    { entryPoint, paymaster: a, active: true },
    { entryPoint, paymaster: b, active: false },
    { entryPoint: otherEntryPoint, paymaster: c, active: false },
  ])
  expect(one.active(entryPoint)).toBe(a)
  expect(() => one.active(otherEntryPoint)).toThrow(RangeError)
})

test('after the options name another paymaster the one before is followed: it signed until now', async () => {
  await open(a)
  const later = await open(b)
  expect(later.known().map(({ paymaster }) => paymaster)).toEqual([b, a])
})

test('each is followed once, and on its own chain only', async () => {
  const one = await open(a)
  await insertRotation(store.db.withTables<PaymasterTables>(), {
    ...{ chainId: 1, entryPoint, paymaster: a, successor: b },
    at: 1,
  })
  await open(b)
  await open(c, entryPoint, 2)
  expect((await one.refresh()).map(({ paymaster, active }) => [paymaster, active])).toEqual([
    [a, false],
    [b, true],
  ])
})
