import { defaultEntryPoint } from '@fabstir/erc4337'
import { describe, expect, test } from 'vitest'
import { buildBundle } from '../bundling/buildBundle.ts'
import { noSecondValidation } from '../bundling/secondValidation.ts'
import { testBlock } from '../testing/bundle.ts'
import { failedOp, testBuilding } from '../testing/driverNode.ts'
import { testReputation } from '../testing/pool.ts'
import { testAddress, testPooled } from '../testing/pooledOperation.ts'
import type { ValidationChange } from '../types/validationRecord.ts'
import { judgeChanges } from './judgeChanges.ts'

const paymaster = testAddress(9)
const sponsored = testPooled(1, { paymaster }, { record: { staked: ['paymaster'] } })
const other = testPooled(2, { sender: testAddress(2) })
const figures = (gas: bigint, contextSize: number) => ({
  gasUsed: { paymaster: gas },
  contextSize,
})

/** Builds a bundle of both, of which the first is validated again, and judges what changed. */
async function judge(change: ValidationChange, fails: boolean) {
  const reputation = testReputation()
  const sweeps: number[] = []
  const building = testBuilding(() => ({
    handleOps: (senders) => {
      const index = senders.indexOf(other.op.sender)
      return fails && index >= 0 ? failedOp(index, 'AA24 signature error') : undefined
    },
  }))
  const built = await buildBundle(
    {
      ...building,
      secondValidation: {
        ...noSecondValidation,
        changed: (operations) => operations.filter(({ hash }) => hash === sponsored.hash),
        revalidate: async () => ({ verdict: 'valid', change }),
      },
    },
    {
      entryPoint: defaultEntryPoint,
      operations: [sponsored, other],
      executor: testAddress(7),
      head: testBlock(10),
    },
  )
  const sweep = async ({ number }: { number: number }) => void sweeps.push(number)
  await judgeChanges({ reputation, sweep }, built, testBlock(10))
  expect(built.call?.operations).toContain(sponsored)
  return { status: reputation.status(defaultEntryPoint.address, paymaster), sweeps }
}

describe('a second validation that passes', () => {
  test.each([
    { name: 'as the first one', after: figures(100n, 32), fails: true, status: 'ok' },
    { name: 'with less gas', after: figures(80n, 32), fails: false, status: 'throttled' },
    { name: 'with more gas', after: figures(200n, 32), fails: true, status: 'ok' },
    { name: 'with another context', after: figures(100n, 64), fails: false, status: 'ok' },
    {
      name: 'with another context, and another operation makes the bundle revert',
      ...{ after: figures(100n, 64), fails: true, status: 'banned' },
    },
  ])('[EREP-055] [EREP-070] $name: $status', async ({ after, fails, status }) => {
    const judged = await judge({ before: figures(100n, 32), after }, fails)
    expect(judged).toEqual({ status, sweeps: status === 'ok' ? [] : [10] })
  })
})
