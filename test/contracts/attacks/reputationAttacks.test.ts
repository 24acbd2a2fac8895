import { type Address, pad, parseEther, parseUnits, zeroAddress, zeroHash } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Arena, because, openArena } from './arena.ts'
import { signVoucher } from './signVoucher.ts'

/** The smallest payment whose protocol fee reaches 0.00003 ETH. */
const counts = parseEther('0.0003')
const outcome = { gained: 0, notArmsLength: 1, feeTooSmall: 2, pairTooSoon: 3, dailyLimit: 4 }
const day = 86_400

let arena: Arena
let host: Address
let renter: Address
let stranger: Address
beforeAll(async () => {
  arena = await openArena()
  renter = arena.of('renter')
  stranger = arena.of('anyone')
  host = await arena.host(arena.of('host'))
})

const apart = (run: () => Promise<void>) => () => arena.apart(run)()
/** A job from posting to payment; answers what it brought the host. */
const work = async (by: Address, of: Address, payment: bigint) => {
  const id = await arena.submitted(by, of, payment)
  const events = await arena.send(by, 'marketplace', 'releasePayment', [id])
  const booked = events.find(({ eventName }) => eventName === 'JobCompletionRecorded')
  return (booked?.args as { outcome: number } | undefined)?.outcome
}
const completed = async (of: Address) => {
  const { completed: jobs } = await arena.read<{ completed: number }>('reputation', 'performance', [
    of,
  ])
  return Number(jobs)
}

describe('X-60 reputation is not farmed', () => {
  test(
    'a free job cannot be posted, and one of a wei neither',
    apart(() =>
      arena.harmless([host, renter], async () => {
        for (const payment of [0n, 1n]) {
          const args = ['llama-70b', pad('0x01'), payment, (await arena.now()) + 7_200n]
          expect(await arena.refused(renter, 'marketplace', 'createJob', args, payment)).toEqual(
            because(
              'MarketplaceDepositOutOfRange',
              zeroAddress,
              payment,
              parseEther('0.0001'),
              parseEther('1000'),
            ),
          )
        }
      }),
    ),
  )

  test(
    'jobs below the minimum fee bring nothing, however many',
    apart(async () => {
      for (let i = 0; i < 3; i++) {
        expect(await work(renter, host, counts - 1_000n)).toBe(outcome.feeTooSmall)
      }
      expect(await arena.reputationOf(host)).toBe(100n)
      expect(await completed(host)).toBe(0)
    }),
  )

  test(
    'a host does not pay itself, nor does its controller, nor a sister node',
    apart(async () => {
      const controller = await arena.actor('controller')
      const nodes = [await arena.actor('node a'), await arena.actor('node b')] as const
      await arena.give.fab(controller, '2000')
      await arena.approve(controller, 'fab', arena.book.registry)
      for (const node of nodes) {
        await arena.send(controller, 'registry', 'registerControlledNode', ['gpu:a', node])
        await arena.send(node, 'registry', 'acceptControl', [controller])
      }
      const [first, sister] = nodes
      for (const [by, of] of [
        [first, first],
        [controller, first],
      ] as const) {
        const id = await arena.job(by, counts)
        await arena.harmless([host, ...nodes], async () => {
          expect(await arena.refused(of, 'marketplace', 'claimJob', [id])).toEqual(
            because('MarketplaceSelfDealing', by),
          )
        })
      }
      for (let i = 0; i < 2; i++) {
        expect(await work(sister, first, counts)).toBe(outcome.notArmsLength)
      }
      expect(await arena.reputationOf(first)).toBe(100n)
      expect(await completed(first)).toBe(0)
    }),
  )

  test(
    'one pair gains once in seven days',
    apart(async () => {
      expect(await work(renter, host, counts)).toBe(outcome.gained)
      for (let i = 0; i < 5; i++) expect(await work(renter, host, counts)).toBe(outcome.pairTooSoon)
      expect(await arena.reputationOf(host)).toBe(110n)
      expect(await completed(host)).toBe(6)
      await arena.wait(7 * day)
      expect(await work(renter, host, counts)).toBe(outcome.gained)
      expect(await arena.reputationOf(host)).toBe(120n)
    }),
  )

  test(
    'a host gains twenty times a day, whoever pays',
    apart(async () => {
      // At the start of a day, so that it does not end in between.
      const now = await arena.now()
      await arena.wait(day - Number(now % BigInt(day)))
      for (let i = 0; i < 22; i++) {
        const friend = await arena.actor(`friend ${i}`)
        expect(await work(friend, host, counts), `${i}`).toBe(
          i < 20 ? outcome.gained : outcome.dailyLimit,
        )
      }
      expect(await arena.reputationOf(host)).toBe(300n)
      // What it cost to get there: the fees, for good.
      const [protocol, stakers] = await arena.read<readonly [bigint, bigint]>(
        'marketplace',
        'feeLedger',
        [zeroAddress],
      )
      expect(protocol + stakers).toBe((22n * counts * 15n) / 100n)
      await arena.wait(day)
      expect(await work(await arena.actor('friend 30'), host, counts)).toBe(outcome.gained)
    }),
  )

  test(
    'no success resets a score, and none is counted twice',
    apart(async () => {
      const failed = await arena.job(renter, counts)
      await arena.send(host, 'marketplace', 'claimJob', [failed])
      await arena.wait(day)
      await arena.send(stranger, 'marketplace', 'claimExpired', [failed])
      expect(await arena.reputationOf(host)).toBe(80n)
      await arena.give.fab(host, '20')
      await arena.approve(host, 'fab', arena.book.registry)
      await arena.send(host, 'registry', 'stake', [parseEther('20')])
      expect(await work(renter, host, counts)).toBe(outcome.gained)
      expect(await arena.reputationOf(host)).toBe(90n)
      const id = await arena.read<bigint>('marketplace', 'lastJobId')
      await arena.harmless([host, renter], async () => {
        expect(await arena.refused(host, 'reputation', 'recordSettled', [id])).toEqual(
          because('ReputationAlreadyRecorded', id, host),
        )
        expect(await arena.refused(host, 'reputation', 'recordSettled', [failed])).toEqual(
          because('ReputationNotCompleted', failed),
        )
        expect(await arena.refused(host, 'reputation', 'rateHost', [host, id, 5n, ''])).toEqual(
          because('ReputationNotRenter', id, host),
        )
        expect(
          await arena.refused(host, 'reputation', 'recordJobCompletion', [host, id, true]),
        ).toEqual(because('ReputationNotReporter', host))
      })
      await arena.send(renter, 'reputation', 'rateHost', [host, id, 5n, 'good'])
      expect(await arena.refused(renter, 'reputation', 'rateHost', [host, id, 5n, ''])).toEqual(
        because('ReputationAlreadyRated', id),
      )
      expect(await arena.reputationOf(host)).toBe(92n)
    }),
  )

  test(
    'who left and came back keeps its score, and a year without work takes half of it',
    apart(async () => {
      expect(await work(renter, host, counts)).toBe(outcome.gained)
      await arena.send(host, 'registry', 'unregisterNode')
      await arena.send(host, 'registry', 'registerNode', ['gpu:a'])
      expect(await arena.reputationOf(host)).toBe(110n)
      await arena.wait(365 * day)
      // Twelve periods of 5 %, each rounded down: from the score, not from 100.
      let score = 110n
      for (let i = 0; i < 12; i++) score = (score * 95n) / 100n
      expect(await arena.reputationOf(host)).toBe(score)
      expect(score).toBeLessThan(60n)
      // The next success goes on from there.
      expect(await work(renter, host, counts)).toBe(outcome.gained)
      expect(await arena.reputationOf(host)).toBe(score + 10n)
    }),
  )

  test(
    'a session that nobody used brings nothing, and one in USDC counts by its fee',
    apart(async () => {
      const { usdc } = arena.book
      await arena.give.usdc(renter, '100')
      await arena.approve(renter, 'usdc', arena.book.marketplace)
      const open = async () => {
        const args = [host, usdc, parseUnits('10', 6), 1_000n, BigInt(day), 500n]
        await arena.send(renter, 'marketplace', 'createSessionJobWithToken', args)
        return arena.read<bigint>('marketplace', 'lastJobId')
      }
      const unused = await open()
      await arena.send(host, 'marketplace', 'settleSession', [unused])
      await arena.harmless([host, renter], async () => {
        expect(await arena.refused(stranger, 'reputation', 'recordSettled', [unused])).toEqual(
          because('ReputationNotCompleted', unused),
        )
      })
      expect(await arena.withdrawable(renter, usdc)).toBe(parseUnits('10', 6))

      // Of 10 USDC for 10,000 tokens, 1,000 bring a protocol fee of the 0.10 USDC that count, 999 do not.
      for (const [tokens, expected, score] of [
        [999n, outcome.feeTooSmall, 100n],
        [1_000n, outcome.gained, 110n],
      ] as const) {
        const id = await open()
        const voucher = [id, tokens, zeroHash, await signVoucher(arena, id, tokens)]
        await arena.send(host, 'marketplace', 'settleSessionWithVoucher', voucher)
        const events = await arena.send(stranger, 'reputation', 'recordSettled', [id])
        expect(events.find(({ eventName }) => eventName === 'JobCompletionRecorded')?.args).toEqual(
          expect.objectContaining({ jobId: id, outcome: expected }),
        )
        expect(await arena.reputationOf(host)).toBe(score)
      }
    }),
  )
})
