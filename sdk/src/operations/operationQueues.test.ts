import type { SmartAccount } from 'viem/account-abstraction'
import { expect, test } from 'vitest'
import { nonceKey } from '../accounts/nonceKey.ts'
import { createOperationQueues } from './operationQueues.ts'

const address = '0xaB00000000000000000000000000000000000011'
const key = '0x2200000000000000000000000000000000000022'
const account = (of: { address?: string; key?: `0x${string}` }) =>
  ({
    address,
    ...of,
    nonceKey: (lane: number) =>
      nonceKey({ type: of.key ? 'session' : 'owner', lane, keyId: of.key }),
  }) as unknown as SmartAccount

test('clients of one account and key share their queue, others do not', () => {
  const queues = createOperationQueues()
  const owner = queues.of(account({}), 1)
  const session = queues.of(account({ key }), 1)
  expect(queues.of(account({ address: address.toLowerCase(), key }), 1)).toBe(session)
  expect(session).not.toBe(owner)
  expect(queues.of(account({ address: key, key }), 1)).not.toBe(session)
})

test('another chain is another queue', () => {
  const queues = createOperationQueues()
  expect(queues.of(account({}), 1)).not.toBe(queues.of(account({}), 2))
})

test('clients that share a storage share what is in it', () => {
  const storage = { getItem: () => null, setItem: () => undefined }
  const [first, second] = [createOperationQueues(storage), createOperationQueues(storage)]
  expect(first.of(account({}), 1)).toBe(second.of(account({}), 1))
  expect(createOperationQueues().of(account({}), 1)).not.toBe(first.of(account({}), 1))
})
