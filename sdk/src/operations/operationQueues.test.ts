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
  const owner = queues.of(account({}))
  const session = queues.of(account({ key }))
  expect(queues.of(account({ address: address.toLowerCase(), key }))).toBe(session)
  expect(session).not.toBe(owner)
  expect(queues.of(account({ address: key, key }))).not.toBe(session)
})
