import { expect, test } from 'vitest'
import { testBlock, testBundle } from '../testing/bundle.ts'
import { testAddress, testHash } from '../testing/pooledOperation.ts'
import { createBundleRegistry } from './bundleRegistry.ts'
import { executorLoad } from './executorLoad.ts'

test('an operation has its carrier while the bundle is in flight', () => {
  const bundles = createBundleRegistry()
  const bundle = testBundle(5)
  bundles.set(bundle)
  expect(bundles.carrierOf(testHash(1))).toBe(bundle)
  bundles.set({ ...bundle, settledIn: testBlock(11) })
  expect(bundles.carrierOf(testHash(1))).toBeUndefined()
  bundles.set(bundle)
  bundles.remove(bundle.id)
  expect(bundles.carrierOf(testHash(1))).toBeUndefined()
})

test('the load of an executor are its nonces in order; one that was replaced is stuck', () => {
  const bundles = createBundleRegistry()
  for (const nonce of [7, 5, 6]) bundles.set(testBundle(nonce, { operations: [testHash(nonce)] }))
  bundles.set(testBundle(1, { executor: testAddress(2) }))
  expect(executorLoad(bundles, testAddress(9))).toEqual({ nonces: [5, 6, 7], stuck: false })
  const [transaction] = testBundle(6).transactions
  if (!transaction) throw new Error('a bundle has a transaction')
  bundles.set(testBundle(6, { transactions: [transaction, transaction] }))
  expect(executorLoad(bundles, testAddress(9)).stuck).toBe(true)
})
