import type { Hash } from 'viem'
import { expectTypeOf, test } from 'vitest'
import { type ClaimJobEvent, claimJob } from '../actions/marketplace/claimJob.ts'
import { getNode } from '../actions/marketplace/getNode.ts'
import {
  type PostJobEvent,
  type PostJobParameters,
  postJob,
} from '../actions/marketplace/postJob.ts'
import { claimAllRewards } from '../actions/staking/claimAllRewards.ts'
import { usdc } from '../units/amounts.ts'
import { useAction } from './useAction.ts'
import { useBatch } from './useBatch.ts'
import { useView } from './useView.ts'

/** Hooks are for the compiler here; system tests render them. */
test('parameters and events of an action are inferred from its name', () => {
  const hook = () => useAction(postJob)
  type Mutation = ReturnType<typeof hook>
  expectTypeOf<Mutation['data']>().toEqualTypeOf<
    (PostJobEvent & { userOperationHash: Hash }) | undefined
  >()
  expectTypeOf<Mutation['mutate']>().parameter(0).toEqualTypeOf<PostJobParameters>()
  expectTypeOf<Mutation['error']>().toEqualTypeOf<Error | null>()
})

test('an action that needs no parameters is started without', () => {
  const start = () => useAction(claimAllRewards).mutate()
  expectTypeOf(start).returns.toEqualTypeOf<void>()
  // @ts-expect-error a job has to be named
  const _nameless = () => useAction(claimJob).mutate()
  // @ts-expect-error payments are amounts of a token
  const _unpaid = () => useAction(postJob).mutate({ model: '', prompt: '', payment: 1n })
})

test('a batch returns the event of each of its actions', () => {
  const hook = () =>
    useBatch().batch([
      claimJob.call({ jobId: 1n }),
      postJob.call({ model: '', prompt: '', payment: usdc(1) }),
    ])
  expectTypeOf(hook).returns.resolves.toEqualTypeOf<[ClaimJobEvent, PostJobEvent]>()
})

test('a read gives what the action returns', () => {
  const hook = () => useView(getNode, { node: '0x1100000000000000000000000000000000000011' })
  expectTypeOf<NonNullable<ReturnType<typeof hook>['data']>>().toEqualTypeOf<
    Awaited<ReturnType<typeof getNode>>
  >()
})
