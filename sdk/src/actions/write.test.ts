import { jobMarketplaceAbi, nodeRegistryAbi } from '@fabstir/contracts/abi'
import { zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { EventNotFoundError } from '../errors/contract.ts'
import { testContracts as contracts } from '../testing/addressBook.ts'
import { testLog } from '../testing/logs.ts'
import type { WriteClient } from '../types/client.ts'
import { claimJob } from './marketplace/claimJob.ts'
import { postJob } from './marketplace/postJob.ts'
import { registerHost } from './marketplace/registerHost.ts'
import { revokeSession, revokeSessionSync } from './session/revokeSession.ts'
import { toSync } from './write.ts'

const account = '0x1100000000000000000000000000000000000011'
const posted = (jobId: bigint, address = contracts.marketplace) =>
  testLog(
    jobMarketplaceAbi,
    'JobPosted',
    { jobId, renter: account, token: zeroAddress, payment: 5n, modelId: 'm', deadline: 9n },
    address,
  )
const claimed = testLog(
  jobMarketplaceAbi,
  'JobClaimed',
  { jobId: 1n, host: account },
  contracts.marketplace,
)
const call = postJob.call({ model: 'm', prompt: 'p', payment: { token: 'eth', value: 5n } })

describe('extractEvent', () => {
  test('finds the action event among others and renames its fields', () => {
    expect(postJob.extractEvent([claimed, posted(7n)])).toEqual({
      jobId: 7n,
      renter: account,
      token: zeroAddress,
      payment: 5n,
      model: 'm',
      deadline: 9n,
    })
  })

  test('reads host metadata', () => {
    const args = { operator: account, controller: account, stake: 1n, metadata: 'models:a;b' }
    const log = testLog(nodeRegistryAbi, 'NodeRegistered', args, contracts.registry)
    expect(registerHost.extractEvent([log]).metadata).toEqual({ models: ['a', 'b'] })
  })

  test('says which event is missing', () => {
    expect(() => claimJob.extractEvent([posted(1n)])).toThrow(EventNotFoundError)
    expect(() => claimJob.extractEvent([])).toThrow('JobClaimed')
  })
})

describe('toSync', () => {
  test('sends an action once and takes its event out of the logs', async () => {
    const sent: unknown[] = []
    const sender = {
      has: async () => true,
      send: async (calls: readonly unknown[]) => sent.push(...calls),
      confirm: async () => ({ logs: [posted(7n)], userOperationHash: '0x12' }),
    }
    const client = { contracts, account: { address: account }, sender } as unknown as WriteClient
    const payment = { token: 'eth', value: 5n } as const
    const event = await toSync(postJob)(client, { model: 'm', prompt: 'p', payment })
    expect(event).toMatchObject({ jobId: 7n, userOperationHash: '0x12' })
    expect(sent).toHaveLength(1)
  })

  test("takes an action's own form that waits, as a revocation has one", () => {
    expect(toSync(revokeSession)).toBe(revokeSession.sync)
    expect(revokeSessionSync).toBe(revokeSession.sync)
  })
})

describe('takeEvent', () => {
  test('leaves the rest, so that the next action of a batch finds its own event', () => {
    const first = call.takeEvent([posted(1n), claimed, posted(2n)])
    const second = call.takeEvent(first.rest)
    expect([first.event.jobId, second.event.jobId]).toEqual([1n, 2n])
    expect(second.rest).toEqual([claimed])
  })

  test('does not believe an event of another contract', () => {
    const client = { contracts, account: { address: account } } as const
    const forged = posted(666n, contracts.usdc)
    expect(call.takeEvent([forged, posted(1n)], client).event.jobId).toBe(1n)
    expect(() => call.takeEvent([forged], client)).toThrow(EventNotFoundError)
  })
})
