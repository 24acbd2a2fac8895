import { parseEther, zeroHash } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AttackScene, attackScene, day, status } from './scene.ts'

let scene: AttackScene
beforeAll(async () => {
  scene = await attackScene()
})
beforeEach(() => scene.reset())

const checkpoint = async (id: bigint, tokens: bigint) =>
  scene.market('submitCheckpoint', [id, tokens, zeroHash, await scene.sign(id, tokens)])

/** What a half-used session of 1 ETH pays. */
const halfUsed = {
  'ETH owed to host': parseEther('0.425'),
  'ETH owed to renter': parseEther('0.5'),
  'ETH fees for the treasury': parseEther('0.05'),
  'ETH fees for the stakers': parseEther('0.025'),
}

describe('nothing is left over', () => {
  test('[X-08] claiming a session of which 1 % is used refunds the other 99 %', async () => {
    const id = await scene.open()
    const proof = scene.proofOf(await scene.sign(id, 100n))
    const claim = scene.market('claimWithProof', [id, proof, 100n])
    expect(await scene.changesOf(() => scene.send(scene.host, claim))).toEqual({
      'ETH owed to host': parseEther('0.0085'),
      'ETH owed to renter': parseEther('0.99'),
      'ETH fees for the treasury': parseEther('0.001'),
      'ETH fees for the stakers': parseEther('0.0005'),
    })
    const withdraw = scene.market('withdraw', [scene.sessionOf().token])
    expect(await scene.changesOf(() => scene.send(scene.renter, withdraw))).toMatchObject({
      'ETH of renter': parseEther('0.99'),
    })
  })

  test('[X-13] a half-used session that times out pays all of its deposit to somebody', async () => {
    const id = await scene.open()
    await scene.send(scene.stranger, await checkpoint(id, 5_000n))
    await scene.wait(day + 7_200n)
    const timeout = scene.market('triggerSessionTimeout', [id])
    expect(await scene.changesOf(() => scene.send(scene.stranger, timeout))).toEqual(halfUsed)
    const { renter, host, stranger, market, sessionOf } = scene
    const { token } = sessionOf()
    const everything = await scene.changesOf(async () => {
      for (const from of [renter, host]) await scene.send(from, market('withdraw', [token]))
      await scene.send(stranger, market('distributeFees', [token]))
    })
    expect(everything['ETH in the marketplace']).toBe(-parseEther('1'))
    expect(everything['ETH of treasury']).toBe(parseEther('0.05'))
    expect(everything['ETH in the pool of stakers']).toBe(parseEther('0.025'))
  })

  test('[X-15] a host cannot complete in place of the renter and leave everybody unpaid', async () => {
    const { host, renter, market } = scene
    const id = await scene.open()
    await scene.send(scene.stranger, await checkpoint(id, 5_000n))
    expect(
      await scene.changesOf(async () => {
        const complete = market('completeSessionJob', [id])
        expect(await scene.refusalOf(host, complete)).toBe(`SessionNotRenter(${id}, ${host})`)
        const final = await scene.signFinal(id, 5_000n)
        const withFinal = market('completeSessionWithFinal', [id, 5_000n, final])
        expect(await scene.refusalOf(host, withFinal)).toBe(`SessionNotRenter(${id}, ${host})`)
      }),
    ).toEqual({})
    expect(await scene.details(id)).toMatchObject({ status: status.active })
    expect(
      await scene.changesOf(async () => {
        await scene.send(renter, market('completeSessionJob', [id]))
        await scene.wait(3_600n)
        await scene.send(renter, market('finalizeSession', [id]))
      }),
    ).toEqual(halfUsed)
    for (const name of ['completeSessionJob', 'finalizeSession', 'triggerSessionTimeout']) {
      expect(await scene.refusalOf(renter, market(name, [id])), name).toBe(
        `SessionWrongStatus(${id}, ${status.settled})`,
      )
    }
    for (const name of ['settleSession', 'claimAbandonedSession']) {
      expect(await scene.refusalOf(host, market(name, [id])), name).toBe(
        `SessionWrongStatus(${id}, ${status.settled})`,
      )
    }
  })
})

describe('time', () => {
  test.each([100n, 1_000_000n])(
    '[X-18] a session of 30 days and an interval of %d tokens is not over after 301 seconds',
    async (proofInterval) => {
      const id = await scene.open({
        proofInterval,
        maxDuration: 30n * day,
        deposit: parseEther('100'),
        pricePer1000: parseEther('0.1'),
      })
      const startedAt = await scene.now()
      await scene.send(scene.stranger, await checkpoint(id, proofInterval))
      const dueAt = startedAt + 30n * day + 7_200n
      const timeout = scene.market('triggerSessionTimeout', [id])
      expect(
        await scene.changesOf(async () => {
          for (const at of [startedAt + 301n, dueAt - 2n, dueAt - 1n]) {
            await scene.nextAt(at)
            expect(await scene.refusalOf(scene.stranger, timeout)).toBe(
              `SessionNotDue(${id}, ${dueAt})`,
            )
          }
        }),
      ).toEqual({})
      await scene.nextAt(dueAt)
      await scene.send(scene.stranger, timeout)
      expect(await scene.details(id)).toMatchObject({ status: status.settled })
    },
  )

  test('[X-20] work is paid whose proof lands after the renter has completed', async () => {
    const { renter, stranger, host, market } = scene
    const id = await scene.open()
    await scene.send(stranger, await checkpoint(id, 1_000n))
    await scene.send(renter, market('completeSessionJob', [id]))
    const closesAt = (await scene.now()) + 3_600n
    expect(
      await scene.changesOf(async () => {
        await scene.nextAt(closesAt - 1n)
        expect(await scene.refusalOf(renter, market('finalizeSession', [id]))).toBe(
          `SessionNotDue(${id}, ${closesAt})`,
        )
        expect(await scene.refusalOf(renter, market('completeSessionJob', [id]))).toBe(
          `SessionWrongStatus(${id}, ${status.closing})`,
        )
      }),
    ).toEqual({})
    const last = market('settleSessionWithVoucher', [
      id,
      5_000n,
      zeroHash,
      await scene.sign(id, 5_000n),
    ])
    expect(await scene.changesOf(() => scene.send(host, last))).toEqual(halfUsed)
  })

  test('[X-20] completing at the end leaves the host the time until the timeout', async () => {
    const { renter, stranger, market } = scene
    const id = await scene.open()
    const end = (await scene.now()) + day
    await scene.nextAt(end + 7_199n)
    await scene.send(renter, market('completeSessionJob', [id]))
    expect(await scene.details(id)).toMatchObject({ closesAt: end + 7_200n })
    await scene.reset()

    // A checkpoint in the closing window, at its last second, then finalized by anyone.
    const other = await scene.open()
    await scene.send(renter, market('completeSessionJob', [other]))
    const closesAt = (await scene.now()) + 3_600n
    const voucher = await checkpoint(other, 5_000n)
    await scene.nextAt(closesAt - 1n)
    await scene.send(stranger, voucher)
    await scene.nextAt(closesAt)
    const finalize = market('finalizeSession', [other])
    expect(await scene.changesOf(() => scene.send(stranger, finalize))).toEqual(halfUsed)
  })

  test('[X-23] checkpoints closer than the interval are refused, however they come', async () => {
    const id = await scene.open({ proofInterval: 500n })
    const attempt = async (tokens: bigint, more: bigint, minimum: bigint) => {
      const signature = await scene.sign(id, tokens)
      const proof = scene.proofOf(signature)
      for (const [name, args] of [
        ['submitCheckpoint', [id, tokens, zeroHash, signature]],
        ['submitProofOfWork', [id, proof, more]],
        ['submitBatchProofs', [[id], [proof], [more]]],
      ] as const) {
        expect(await scene.refusalOf(scene.host, scene.market(name, args)), name).toBe(
          `SessionCheckpointTooSmall(${id}, ${tokens}, ${minimum})`,
        )
      }
    }
    await attempt(100n, 100n, 500n)
    await attempt(499n, 499n, 500n)
    await scene.send(scene.host, await checkpoint(id, 500n))
    await attempt(500n, 0n, 1_000n)
    await attempt(999n, 499n, 1_000n)
    await scene.send(scene.host, await checkpoint(id, 1_000n))
    expect(await scene.details(id)).toMatchObject({ provenTokens: 1_000n })
    await scene.conserved()
  })
})
