import { describe, expect, test } from 'vitest'
import type { ChainReader } from '../../chain/chainReader.ts'
import { SponsorshipRefusedError } from '../../sponsorship/errors.ts'
import type { Sponsor, SponsorRequest } from '../../sponsorship/sponsor.ts'
import { block, chainId, changes, charge, hash, request } from '../../testing/ledgerFixtures.ts'
import { openTestLedger } from '../../testing/ledgers.ts'
import type { TokenRequest } from '../../tokens/tokenPayments.ts'
import { metricPrefix } from './metric.ts'
import { createMetrics } from './metrics.ts'

function setUp() {
  const time = { ms: 0 }
  const metrics = createMetrics({ elapsed: () => time.ms, codeOf: () => -32_010 })
  async function sample(start: string): Promise<number | undefined> {
    const text = await metrics.registry.metrics()
    const line = text.split('\n').find((each) => each.startsWith(`${metricPrefix}${start}`))
    return line === undefined ? undefined : Number(line.split(' ').at(-1))
  }
  return { time, metrics, sample }
}

describe('metrics', () => {
  test('time and code of each method', async () => {
    const { metrics, time, sample } = setUp()
    const app = { name: 'a', policyIds: [], rateKey: 'a' }
    const methods = metrics.methods(
      new Map([
        [
          'pm_ok',
          async () => {
            time.ms += 250
          },
        ],
        ['pm_fails', () => Promise.reject(new Error('refused'))],
      ]),
    )
    await methods.get('pm_ok')?.([], app)
    await expect(methods.get('pm_fails')?.([], app)).rejects.toThrow('refused')
    expect(await sample('rpc_requests_total{method="pm_ok",code="ok"}')).toBe(1)
    expect(await sample('rpc_requests_total{method="pm_fails",code="-32010"}')).toBe(1)
    expect(await sample('rpc_request_seconds_sum{method="pm_ok"}')).toBe(0.25)
  })

  test('sponsorships by stage and outcome, refusals by rule', async () => {
    const { metrics, sample } = setUp()
    const refusal = { rule: 'global.cap', message: 'used up', policyId: 'p' }
    const sponsor = metrics.sponsor({
      stub: async () => ({ paymaster: '0x' }) as never,
      sponsor: () => Promise.reject(new SponsorshipRefusedError([refusal])),
      dryRun: () => Promise.reject(new Error('not asked')),
    } satisfies Sponsor)
    const asked = {} as SponsorRequest
    await sponsor.stub(asked)
    await expect(sponsor.sponsor(asked)).rejects.toThrow(SponsorshipRefusedError)
    expect(await sample('sponsorships_total{stage="stub",outcome="given"}')).toBe(1)
    expect(await sample('sponsorships_total{stage="final",outcome="refused"}')).toBe(1)
    expect(await sample('refusals_total{rule="global.cap"}')).toBe(1)
  })

  test('payments in tokens by the same', async () => {
    const { metrics, sample } = setUp()
    const refusal = { rule: 'token.balance', message: 'too little', policyId: undefined }
    const payments = metrics.tokenPayments({
      quotes: async () => [],
      stub: async () => ({ paymaster: '0x' }) as never,
      data: () => Promise.reject(new SponsorshipRefusedError([refusal])),
    })
    const asked = {} as TokenRequest
    await payments.stub(asked)
    await expect(payments.data(asked)).rejects.toThrow(SponsorshipRefusedError)
    expect(await sample('sponsorships_total{stage="token-stub",outcome="given"}')).toBe(1)
    expect(await sample('sponsorships_total{stage="token-final",outcome="refused"}')).toBe(1)
    expect(await sample('refusals_total{rule="token.balance"}')).toBe(1)
  })

  test('what the ledger settles, releases, does not know, and undoes', async () => {
    const { metrics, sample } = setUp()
    const plain = await openTestLedger('memory')
    const ledger = metrics.ledger(plain)
    await ledger.reserve(request({ id: hash(1) }))
    await ledger.reserve(request({ id: hash(2), nonce: 1n }))
    const stranger = charge({ nonce: 5n, userOpHash: hash(9), cost: 7n })
    const { expireBefore, ...first } = changes({ charges: [charge(), stranger] })
    await ledger.advance({ ...first, expireBefore, from: undefined })
    await ledger.advance({
      ...changes({ height: 2n, expireBefore: 2_000_000 }),
      from: block(1n),
    })
    await ledger.rewind(chainId, block(2n), block(0n))
    expect(await sample('settled_operations_total')).toBe(1)
    expect(await sample('released_operations_total')).toBe(1)
    expect(await sample('unknown_charges_total')).toBe(1)
    expect(await sample('unknown_charges_wei_total')).toBe(7)
    expect(await sample('reorganisations_total')).toBe(1)
    await plain.store.close()
  })

  test('what the node and the store are asked, and what fails', async () => {
    const { metrics, sample } = setUp()
    const chain = metrics.chain({
      chainId: async () => 1,
      block: () => Promise.reject(new Error('no answer')),
    } as unknown as ChainReader)
    await chain.chainId()
    await expect(chain.block('latest')).rejects.toThrow('no answer')
    expect(await sample('node_request_seconds_count{call="chainId"}')).toBe(1)
    expect(await sample('node_request_failures_total{call="block"}')).toBe(1)
    const { store } = await openTestLedger('memory')
    const watched = metrics.store(store)
    await watched.transaction(async () => 1)
    await expect(watched.transaction(() => Promise.reject(new Error('full')))).rejects.toThrow()
    expect(await sample('store_transaction_seconds_count{store="sqlite"}')).toBe(2)
    expect(await sample('store_transaction_failures_total{store="sqlite"}')).toBe(1)
    await store.close()
  })

  test('the queue of each webhook, with the age of what waits longest', async () => {
    const { metrics, sample } = setUp()
    let queues = [
      { webhookId: 'wh_1', pending: 3, oldestAt: 940, failed: 2 },
      { webhookId: 'wh_2', pending: 0, oldestAt: null, failed: 0 },
    ]
    metrics.watch({
      chainId: 1,
      entryPoints: [],
      deposits: () => [],
      prices: () => [{ paymaster: '0x1', token: '0x2', validUntil: 1_600 }],
      lowDeposit: 0n,
      followedBlock: async () => undefined,
      problems: async () => [],
      webhookQueues: async () => queues,
      clock: () => 1_000,
    })
    expect(await sample('token_price_valid_until_timestamp_seconds')).toBe(1_600)
    expect(await sample('webhook_pending_deliveries{webhook="wh_1"}')).toBe(3)
    expect(await sample('webhook_oldest_pending_seconds{webhook="wh_1"}')).toBe(60)
    expect(await sample('webhook_failed_deliveries{webhook="wh_1"}')).toBe(2)
    expect(await sample('webhook_oldest_pending_seconds{webhook="wh_2"}')).toBe(0)
    // One that was deleted is shown no more.
    queues = queues.slice(1)
    expect(await sample('webhook_pending_deliveries{webhook="wh_1"}')).toBeUndefined()
  })

  test('what the keeper sent by how it ended', async () => {
    const { metrics, sample } = setUp()
    const sent = { token: undefined, amount: 5n } as const
    metrics.kept({ ...sent, state: 'done' })
    metrics.kept({ ...sent, state: 'failed', amount: 7n })
    metrics.kept({ token: '0x2', state: 'failed', amount: 11n })
    expect(await sample('top_ups_total{state="failed"}')).toBe(1)
    expect(await sample('top_ups_wei_total')).toBe(5)
    expect(await sample('price_updates_total{state="failed"}')).toBe(1)
    // What reverts costs gas as well.
    expect(await sample('price_updates_wei_total')).toBe(11)
  })
})
