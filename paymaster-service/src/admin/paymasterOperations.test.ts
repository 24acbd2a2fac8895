import type { Address } from 'viem'
import { getAddress } from 'viem'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { storeAreas } from '../composition/storeAreas.ts'
import { openStore } from '../store/openStore.ts'
import type { Store } from '../store/store.ts'
import { AdminError } from './errors.ts'
import type { AdminContext } from './operation.ts'
import type { ExaminedPaymaster } from './paymasterAdministration.ts'
import { rotatePaymaster } from './paymasterOperations.ts'

const address = (digits: string): Address => getAddress(`0x${digits.repeat(20)}`)
const entryPoint = address('e1')
const before = address('01')
const successor = address('02')
const signer = address('0a')

let store: Store
beforeEach(async () => {
  store = await openStore('memory', storeAreas)
})
afterEach(() => store.close())

const plain: ExaminedPaymaster = {
  entryPoint,
  signers: [signer],
  liveSigners: [signer],
  deposit: 1n,
  takesParallelSignatures: false,
}
const parallel: ExaminedPaymaster = { ...plain, takesParallelSignatures: true }

async function rotate(
  contracts: { before: ExaminedPaymaster; successor: ExaminedPaymaster | undefined },
  parallelSigning = false,
): Promise<string> {
  const context: AdminContext = {
    store,
    actor: 'admin:ada',
    clock: () => 1,
    random: (size) => new Uint8Array(size),
    configuredPolicies: new Set(),
    means: {
      hasWillSponsorSecret: () => false,
      hasPrice: false,
      hasEstimates: false,
      allowPrivateWebhooks: false,
    },
    webhookKey: undefined,
    allowPrivateWebhooks: false,
    dryRun: undefined,
    onChange() {},
    paymasters: {
      chainId: 1,
      status: async () => [],
      configured: (of) => (of === entryPoint ? before : undefined),
      active: () => ({ paymaster: before, parallelSigning }),
      examine: async (of) => (of === before ? contracts.before : contracts.successor),
      refresh: async () => {},
    },
  }
  try {
    await rotatePaymaster.run(context, { entryPoint, paymaster: successor })
    return 'rotated'
  } catch (error) {
    if (!(error instanceof AdminError)) throw error
    return error.problems.map(({ field, message }) => `${field}: ${message}`).join()
  }
}

describe('a successor', () => {
  test.each([
    { from: plain, to: plain, parallelSigning: false },
    { from: parallel, to: parallel, parallelSigning: true },
    // It checks the plain form as ever.
    { from: plain, to: parallel, parallelSigning: false },
  ])('that takes every form of before takes over', async ({ from, to, parallelSigning }) => {
    expect(await rotate({ before: from, successor: to }, parallelSigning)).toBe('rotated')
  })

  test.each([
    { from: parallel, parallelSigning: false },
    // A node that does not know the old one any more: what apps are told counts.
    { from: plain, parallelSigning: true },
  ])('that takes fewer forms is refused', async ({ from, parallelSigning }) => {
    expect(await rotate({ before: from, successor: plain }, parallelSigning)).toMatch(
      /^paymaster: .* is a plain SponsorPaymaster, .* expected a ParallelSponsorPaymaster$/,
    )
  })

  test.each<{ change: Partial<ExaminedPaymaster>; problem: RegExp }>([
    { change: { takesParallelSignatures: undefined }, problem: /answers as no SponsorPaymaster/ },
    { change: { entryPoint: address('e2') }, problem: /is of the EntryPoint 0xe2/i },
    { change: { liveSigners: [] }, problem: /none of its signers, .* is a live key/ },
    { change: { deposit: 0n }, problem: /has no deposit/ },
  ])('with $change is refused', async ({ change, problem }) => {
    expect(await rotate({ before: plain, successor: { ...plain, ...change } })).toMatch(problem)
  })
})
