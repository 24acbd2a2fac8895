import { getAddress, pad, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { testContracts as contracts } from '../../testing/addressBook.ts'
import { callsOf, chainWith, logOf, me } from '../../testing/chain.ts'
import { eth, usdc } from '../../units/amounts.ts'
import { encodeEzklProof } from '../proofs/ezklProof.ts'
import { abandonClaim } from './abandonClaim.ts'
import { autoRelease } from './autoRelease.ts'
import { cancelJob } from './cancelJob.ts'
import { completeJob } from './completeJob.ts'
import { disputeJob } from './disputeJob.ts'
import { distributeFees } from './distributeFees.ts'
import { postJob } from './postJob.ts'
import { refundExpiredJob } from './refundExpiredJob.ts'
import { releasePayment } from './releasePayment.ts'
import { resolveDispute } from './resolveDispute.ts'
import { resolveStaleDispute } from './resolveStaleDispute.ts'
import { withdraw } from './withdraw.ts'
import { withdrawAll } from './withdrawAll.ts'

const host = '0x2200000000000000000000000000000000000022'
const usdcToken = getAddress(contracts.usdc)
const escrowId = pad('0x07')
const word = pad('0x01')
const proof = {
  instances: [1n, 2n],
  proof: '0x1234',
  vk: word,
  modelCommitment: word,
  inputHash: word,
  outputHash: word,
} as const

describe('calls', () => {
  test.each([
    [cancelJob.call({ jobId: 7n }), 'cancelJob', 7n],
    [abandonClaim.call({ jobId: 7n }), 'abandonClaim', 7n],
    [refundExpiredJob.call({ jobId: 7n }), 'claimExpired', 7n],
    [releasePayment.call({ jobId: 7n }), 'releasePayment', 7n],
    [autoRelease.call({ jobId: 7n }), 'autoRelease', 7n],
    [resolveDispute.call({ jobId: 7n, winner: host }), 'resolveDispute', escrowId, host],
    [resolveStaleDispute.call({ jobId: 7n }), 'resolveStale', escrowId],
    [completeJob.call({ jobId: 7n, resultCid: 'bafy' }), 'completeJob', 7n, 'bafy', '0x'],
    [
      completeJob.call({ jobId: 7n, resultCid: 'bafy', proof }),
      'completeJob',
      7n,
      'bafy',
      encodeEzklProof(proof),
    ],
    [withdraw.call({ token: 'usdc' }), 'withdraw', usdcToken],
    [withdraw.call({ token: 'eth', to: host }), 'withdraw', zeroAddress, host],
    [withdrawAll.call(), 'withdrawAll', [zeroAddress, usdcToken, getAddress(contracts.fab)]],
    [withdrawAll.call({ tokens: ['usdc'] }), 'withdrawAll', [usdcToken]],
    [distributeFees.call({ token: 'usdc' }), 'distributeFees', usdcToken],
  ])('%#: $1', async (call, ...expected) => {
    expect(await callsOf(call)).toEqual([['marketplace', ...expected]])
  })

  test('a proof of the result can be required', async () => {
    const call = postJob.call({ model: 'm', prompt: word, payment: eth(1), requiresProof: true })
    const [[, , , requirements] = []] = await callsOf(call)
    expect(requirements).toMatchObject({ requiresProof: true })
  })

  test.each([
    [
      contracts.usdc,
      [
        ['usdc', 'approve', contracts.marketplace, 50n],
        ['marketplace', 'disputeResult', 7n],
      ],
    ],
    [zeroAddress, [['marketplace', 'disputeResult', 7n, { value: 50n }]]],
  ])('a dispute takes its bond in the token of the job, %s', async (token, expected) => {
    const job = {
      renter: me,
      host,
      token,
      payment: 5000n,
      deadline: 0,
      releaseAt: 0,
      status: 3,
      requiresProof: false,
      detailsHash: word,
      submittedAt: 0,
      minReputationScore: 0,
      protocolBps: 0,
      stakersBps: 0,
    }
    const chain = chainWith({ marketplace: { getJob: job, disputeBond: 50n } })
    const call = disputeJob.call({ jobId: 7n })
    expect(await callsOf(call, chain)).toEqual(
      expected.map((parts) =>
        parts.map((part) => (part === contracts.marketplace ? getAddress(part) : part)),
      ),
    )
    expect((await call.prepare(chain)).spends).toMatchObject([{ amount: 50n }])
  })
})

describe('events', () => {
  const paid = { jobId: 7n, host, hostAmount: 85n, protocol: 10n, stakers: 5n }
  const resolved = { toHost: 1n, toRenter: 2n }
  test.each([
    [cancelJob, 'JobCancelled', { jobId: 7n, refund: 1n }, { jobId: 7n, refund: 1n }],
    [
      abandonClaim,
      'JobAbandoned',
      { jobId: 7n, host, forfeitedBond: 20n },
      { jobId: 7n, host, forfeitedBond: 20n },
    ],
    [refundExpiredJob, 'JobExpired', { jobId: 7n, refund: 1n }, { jobId: 7n, refund: 1n }],
    [releasePayment, 'PaymentReleased', paid, paid],
    [autoRelease, 'PaymentReleased', paid, paid],
    [
      disputeJob,
      'EscrowDisputed',
      { escrowId, by: me, bond: 50n, resolveBy: 9n },
      { jobId: 7n, by: me, bond: 50n, resolveBy: 9n },
    ],
    [
      resolveDispute,
      'EscrowResolved',
      { escrowId, winner: host, ...resolved },
      { jobId: 7n, winner: host, ...resolved },
    ],
    [
      resolveStaleDispute,
      'EscrowResolved',
      { escrowId, winner: zeroAddress, ...resolved },
      { jobId: 7n, winner: undefined, ...resolved },
    ],
    [
      completeJob,
      'JobCompleted',
      { jobId: 7n, resultCID: 'bafy' },
      { jobId: 7n, resultCid: 'bafy' },
    ],
    [
      distributeFees,
      'FeesDistributed',
      { token: usdcToken, protocol: 2n, stakers: 1n },
      { token: usdcToken, protocol: 2n, stakers: 1n },
    ],
  ])('%#: $1', (action, eventName, args, expected) => {
    expect(action.extractEvent([logOf('marketplace', eventName, args)])).toEqual(expected)
  })

  test('withdrawing all gives every payout, and none when nothing was owed', () => {
    const payout = (token: `0x${string}`, amount: bigint) => ({
      account: me,
      token,
      amount,
      to: me,
    })
    const [first, second] = [payout(zeroAddress, 1n), payout(usdcToken, 2n)]
    const logs = [first, second].map((args) => logOf('marketplace', 'Withdrawn', args))
    expect(withdrawAll.extractEvent(logs)).toEqual({ withdrawals: [first, second] })
    expect(withdrawAll.extractEvent([])).toEqual({ withdrawals: [] })
  })

  test('of two actions of a kind in a batch, each finds the event of its own job', () => {
    const cancelled = (jobId: bigint) =>
      logOf('marketplace', 'JobCancelled', { jobId, refund: jobId })
    const logs = [cancelled(8n), cancelled(7n)]
    const { event, rest } = cancelJob.call({ jobId: 7n }).takeEvent(logs)
    expect(event.refund).toBe(7n)
    expect(cancelJob.call({ jobId: 8n }).takeEvent(rest).event.refund).toBe(8n)
  })

  test('in USDC, what is posted is escrowed by the token function', async () => {
    const call = postJob.call({ model: 'm', prompt: 'p', payment: usdc(1) })
    expect((await callsOf(call)).map(([, name]) => name)).toEqual(['approve', 'postJobWithToken'])
  })
})
