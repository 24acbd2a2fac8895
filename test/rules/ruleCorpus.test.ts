import { getContractAddress } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StateOverride } from '../../bundler/src/chain/reader.ts'
import { probeCall, revertedCall } from '../../bundler/src/validation/trace/probe/probeCall.ts'
import { probeFaults } from '../../bundler/src/validation/trace/probe/probeFaults.ts'
import { startTestChain, type TestChain } from '../fixtures/testChain.ts'
import { deployingCases } from './deployingCases.ts'
import { judge } from './judge.ts'
import { ruleCases } from './ruleCases.ts'
import { entryPoint, frameEntries } from './ruleWorld.ts'
import { type OpenedSource, traceSources } from './traceSources.ts'

let chain: TestChain
/** The EntryPoint's SenderCreator, which a chain without EntryPoints has not. */
let base: StateOverride
beforeAll(async () => {
  chain = await startTestChain()
  const senderCreator = getContractAddress({ from: entryPoint.address, nonce: 1n })
  const code = await chain.client.getCode({ address: senderCreator })
  if (!code) throw new Error('the EntryPoint has no SenderCreator')
  base = { [senderCreator]: { code } }
})
afterAll(() => chain.stop())

const entities = ['account', 'factory', 'paymaster'] as const

describe.each(traceSources)('[ERC-7562] on traces of $name:', ({ open }) => {
  let opened: OpenedSource
  beforeAll(async () => {
    opened = await open(chain.rpcUrl)
  })
  afterAll(() => opened.close())

  test('the canned call of the probe comes out right', async () => {
    const { source } = opened
    const faults = probeFaults(await source.trace(probeCall), await source.trace(revertedCall))
    expect(faults).toEqual([])
  })

  const cases = ruleCases.flatMap((ruleCase) =>
    (ruleCase.by ?? entities).map((entity) => ({ ...ruleCase, entity })),
  )
  test.each(cases)('$name, by the $entity', async ({ deed, breaks, entity }) => {
    const found: Record<string, string[]> = {}
    const expected: Record<string, string[]> = {}
    const verdicts = await Promise.all(
      frameEntries.map(async (frame) => ({
        frame,
        verdict: await judge(opened.source, { entity, deed: deed(entity), frame }, base),
      })),
    )
    for (const { frame, verdict } of verdicts) {
      for (const staked of [false, true]) {
        const at = `${staked ? 'staked' : 'unstaked'}, ${frame}`
        found[at] = verdict(staked ? [entity] : [])
        expected[at] = breaks({ entity, staked, frame }).map((rule) => `${entity}: ${rule}`)
      }
    }
    expect(found).toEqual(expected)
  })

  test.each(deployingCases)('$name', async ({ breaks, frame = 'direct', ...scenario }) => {
    const verdict = await judge(opened.source, { ...scenario, frame }, base)
    expect(breaks.map(({ staked }) => verdict(staked))).toEqual(breaks.map(({ rules }) => rules))
  })
})
