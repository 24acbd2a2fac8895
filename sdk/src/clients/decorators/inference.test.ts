import { describe, expectTypeOf, test } from 'vitest'
import { addStake } from '../../actions/host/addStake.ts'
import { cancelJob } from '../../actions/marketplace/cancelJob.ts'
import { settleMany } from '../../actions/marketplace/settleMany.ts'
import type { fab, TokenAmount } from '../../units/amounts.ts'
import { jobEvents, sessionEvents } from '../../watch/events.ts'
import type { FabstirClient } from '../createFabstirClient.ts'
import type { EventActions } from './eventActions.ts'
import type { ProtocolActions } from './protocolActions.ts'

type Result<action extends keyof FabstirClient> = FabstirClient[action] extends (
  ...args: never[]
) => Promise<infer result>
  ? result
  : never

/** Only types: nothing here is called. */
const client = {} as FabstirClient
const protocol = {} as FabstirClient<ProtocolActions>
const watcher = {} as FabstirClient<EventActions>
const never = (_: () => unknown) => undefined

describe('what a client of an action knows without being told', () => {
  test('an event with the hash of its operation', () => {
    expectTypeOf<Result<'cancelJobSync'>>().toEqualTypeOf<
      { jobId: bigint; refund: bigint } & { userOperationHash: `0x${string}` }
    >()
    expectTypeOf<Result<'cancelJob'>>().toEqualTypeOf<`0x${string}`>()
  })

  test('the arguments of what it watches, by name', () => {
    never(() =>
      watcher.watchEvents({
        events: { posted: jobEvents.JobPosted, opened: sessionEvents.SessionJobCreated },
        onEvents(events) {
          for (const event of events) {
            expectTypeOf(event.name).toEqualTypeOf<'posted' | 'opened'>()
            if (event.name === 'posted') expectTypeOf(event.args.payment).toEqualTypeOf<bigint>()
            else expectTypeOf(event.args.deposit).toEqualTypeOf<bigint>()
          }
        },
        onError() {},
      }),
    )
    // A filter by an argument that there is not would let every event through.
    type Filter = Parameters<typeof watcher.watchJobs>[0]['jobId']
    expectTypeOf<Filter>().toEqualTypeOf<bigint | readonly bigint[] | undefined>()
    never(() => {
      const events = { posted: { ...jobEvents.JobPosted, args: { host: '0x01' } } } as const
      // @ts-expect-error JobPosted has no host.
      return watcher.followEvents({ events })
    })
  })

  test('the token that was asked for', () => {
    never(() => {
      expectTypeOf(client.withdrawable({ token: 'usdc' })).resolves.toEqualTypeOf<
        TokenAmount<'usdc'>
      >()
      expectTypeOf(client.getHostTerms({ host: '0x', token: 'eth' }))
        .resolves.toHaveProperty('minimumPricePer1000')
        .toEqualTypeOf<TokenAmount<'eth'>>()
      expectTypeOf(protocol.getAcceptedToken({ token: 'fab' }))
        .resolves.toHaveProperty('token')
        .toEqualTypeOf<'fab'>()
    })
  })

  test('the event of every action of a batch', () => {
    never(() => {
      const events = client.batchSync([
        cancelJob.call({ jobId: 1n }),
        settleMany.call({ sessionIds: [1n] }),
      ])
      expectTypeOf(events)
        .resolves.toHaveProperty(0)
        .toEqualTypeOf<{ jobId: bigint; refund: bigint }>()
      expectTypeOf(events).resolves.toHaveProperty(1).toHaveProperty('sessions')
    })
  })

  test('parameters that may be left out, and those that may not', () => {
    expectTypeOf<Parameters<FabstirClient['claimSlashed']>>().toEqualTypeOf<
      [parameters?: Record<never, never>]
    >()
    expectTypeOf<Parameters<FabstirClient['withdrawAll']>['length']>().toEqualTypeOf<0 | 1>()
    expectTypeOf<Parameters<FabstirClient['cancelJob']>['length']>().toEqualTypeOf<1>()
    expectTypeOf(addStake.call)
      .parameter(0)
      .toHaveProperty('amount')
      .toEqualTypeOf<ReturnType<typeof fab>>()
  })
})
