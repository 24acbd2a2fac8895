import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { type Hex, maxUint256, parseEther, toFunctionSelector, zeroHash } from 'viem'
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

describe('[X-02] a batch is refused as its single proofs are', () => {
  /** 0.1 ETH at 0.001 ETH a token: 100 tokens, of which the predecessor took 2,500. */
  const small = { deposit: parseEther('0.1'), pricePer1000: parseEther('1') }
  const cases: Record<
    string,
    (id: bigint) => Promise<{ tokens: bigint; proof: Hex; jobId?: bigint; error: string }>
  > = {
    'from a stranger without a signature': async (id) => ({
      tokens: 100n,
      proof: scene.proofOf('0x'),
      error: `SessionBadCoSignature(${id}, 0x0000000000000000000000000000000000000000, ${scene.renter})`,
    }),
    'signed by a stranger': async (id) => ({
      tokens: 100n,
      proof: scene.proofOf(await scene.sign(id, 100n, scene.keys.stranger)),
      error: `SessionBadCoSignature(${id}, ${scene.stranger}, ${scene.renter})`,
    }),
    'over 2,500 tokens of a session for 100': async (id) => ({
      tokens: 2_500n,
      proof: scene.proofOf(await scene.sign(id, 2_500n)),
      error: `SessionCapacityExceeded(${id}, 2500, 100)`,
    }),
    'over less than the interval': async (id) => ({
      tokens: 99n,
      proof: scene.proofOf(await scene.sign(id, 99n)),
      error: `SessionCheckpointTooSmall(${id}, 99, 100)`,
    }),
    'over nothing': async (id) => ({
      tokens: 0n,
      proof: scene.proofOf(await scene.sign(id, 0n)),
      error: `SessionCheckpointTooSmall(${id}, 0, 100)`,
    }),
    'of a settled session': async (id) => {
      await scene.send(scene.host, scene.market('settleSession', [id]))
      const proof = scene.proofOf(await scene.sign(id, 100n))
      return { tokens: 100n, proof, error: `SessionWrongStatus(${id}, ${status.settled})` }
    },
    'of no session': async () => ({
      jobId: 999n,
      tokens: 100n,
      proof: scene.proofOf(await scene.sign(999n, 100n)),
      error: `SessionWrongStatus(999, ${status.none})`,
    }),
    'an hour after the end': async (id) => {
      const closedAt = (await scene.now()) + day + 3_600n
      await scene.wait(day + 3_600n)
      const proof = scene.proofOf(await scene.sign(id, 100n))
      return { tokens: 100n, proof, error: `SessionCheckpointsClosed(${id}, ${closedAt})` }
    },
  }

  test.each(Object.keys(cases))('%s', async (name) => {
    const good = await scene.open()
    const id = await scene.open(small)
    const one = await cases[name]?.(id)
    if (!one) throw new RangeError(name)
    const { jobId = id, proof, tokens, error } = one
    const goodProof = scene.proofOf(await scene.sign(good, 100n))
    const single = scene.market('submitProofOfWork', [jobId, proof, tokens])
    const batch = scene.market('submitBatchProofs', [[jobId], [proof], [tokens]])
    const mixed = [
      [good, jobId],
      [goodProof, proof],
      [100n, tokens],
    ]
    const changes = await scene.changesOf(async () => {
      for (const from of [scene.stranger, scene.host]) {
        expect(await scene.refusalOf(from, single)).toBe(error)
        expect(await scene.refusalOf(from, batch)).toBe(error)
      }
      if (name === 'an hour after the end') return
      expect(await scene.refusalOf(scene.host, scene.market('submitBatchProofs', mixed))).toBe(
        error,
      )
    })
    expect(changes).toEqual({})
    expect(await scene.details(id)).toMatchObject({ provenTokens: 0n })
    expect(await scene.details(good)).toMatchObject({ provenTokens: 0n })
  })

  test('the same 100 tokens 25 times', async () => {
    const id = await scene.open(small)
    const proof = scene.proofOf(await scene.sign(id, 100n))
    const times = <Item>(item: Item) => Array.from({ length: 25 }, () => item)
    const batch = scene.market('submitBatchProofs', [times(id), times(proof), times(100n)])
    expect(
      await scene.changesOf(async () => {
        expect(await scene.refusalOf(scene.stranger, batch)).toBe(
          `SessionCapacityExceeded(${id}, 200, 100)`,
        )
      }),
    ).toEqual({})
  })
})

describe('[X-03] a count that would overflow', () => {
  const counts = [2n ** 40n, 2n ** 64n, 2n ** 250n, maxUint256]

  test.each(counts)(
    '%d tokens are refused on every way in, and the deposit stays reachable',
    async (tokens) => {
      const id = await scene.open()
      const signature = await scene.sign(id, tokens)
      const proof = scene.proofOf(signature)
      const { host, renter, stranger } = scene
      const error = `SessionCapacityExceeded(${id}, ${tokens}, 10000)`
      expect(
        await scene.changesOf(async () => {
          for (const [from, name, args] of [
            [stranger, 'submitProofOfWork', [id, proof, tokens]],
            [stranger, 'submitBatchProofs', [[id], [proof], [tokens]]],
            [stranger, 'submitCheckpoint', [id, tokens, zeroHash, signature]],
            [host, 'settleSessionWithVoucher', [id, tokens, zeroHash, signature]],
            [host, 'claimWithProof', [id, proof, tokens]],
            [renter, 'completeSessionWithFinal', [id, tokens, await scene.signFinal(id, tokens)]],
          ] as const) {
            expect(await scene.refusalOf(from, scene.market(name, args)), name).toBe(error)
          }
        }),
      ).toEqual({})

      // What the predecessor's victim could never do again.
      await scene.send(stranger, await checkpoint(id, 5_000n))
      const saturating = scene.market('submitProofOfWork', [id, proof, maxUint256 - 1n])
      expect(await scene.refusalOf(stranger, saturating)).toBe(
        `SessionCapacityExceeded(${id}, ${maxUint256}, 10000)`,
      )
      expect(
        await scene.changesOf(async () => {
          await scene.send(renter, scene.market('completeSessionJob', [id]))
          await scene.wait(3_600n)
          await scene.send(stranger, scene.market('finalizeSession', [id]))
        }),
      ).toEqual(halfUsed)
    },
  )
})

describe('[X-05] sessions come from deposits and from nowhere else', () => {
  test('no function is for tests, and what is no function is refused', async () => {
    const names = jobMarketplaceAbi.flatMap((item) => (item.type === 'function' ? [item.name] : []))
    expect(
      names.filter((name) => /mock|(?<!at)test|debug|fake|emergencyWithdraw/i.test(name)),
    ).toEqual([])
    const backdoors = [
      'createSessionForTesting(uint256,address,address,uint256)',
      'createMockSession(uint256,address,address,uint256)',
      'setSession(uint256,address,address,uint256)',
      'setLastJobId(uint256)',
    ]
    const before = await scene.details(scene.victimsSession)
    expect(
      await scene.changesOf(async () => {
        for (const signature of backdoors) {
          const words = [
            scene.victimsSession,
            BigInt(scene.stranger),
            BigInt(scene.host),
            parseEther('4'),
          ]
          const data: Hex = `${toFunctionSelector(signature)}${words
            .map((word) => word.toString(16).padStart(64, '0'))
            .join('')}`
          const call = { to: scene.book.marketplace, data }
          expect(await scene.refusalOf(scene.stranger, call), signature).toBe('no reason')
        }
      }),
    ).toEqual({})
    expect(await scene.details(scene.victimsSession)).toEqual(before)
  })

  test('an id is always the next one, for sessions and jobs alike', async () => {
    const { stranger, market, sessionOf } = scene
    const params = sessionOf({ coSigner: stranger })
    const price = parseEther('0.01')
    const deadline = (await scene.now()) + day
    const before = await scene.details(scene.victimsSession)
    const creations = [
      market('createSession', [params], params.deposit),
      market(
        'createSessionJob',
        [scene.host, params.deposit, 10n ** 14n, day, 100n],
        params.deposit,
      ),
      market('createJob', ['llama-70b', zeroHash, price, deadline], price),
      market('depositPrepaid', [params.token, params.deposit], params.deposit),
      market('createSessionFromDeposit', [params]),
      market('createSession', [params], params.deposit),
    ]
    const ids = [await scene.lastJob()]
    for (const call of creations) {
      await scene.send(stranger, call)
      ids.push(await scene.lastJob())
    }
    expect(ids).toEqual([1n, 2n, 3n, 4n, 4n, 5n, 6n])
    expect(await scene.details(scene.victimsSession)).toEqual(before)
    await scene.conserved()
  })

  test('a session of 4 ETH without the 4 ETH is none', async () => {
    const { stranger, market, sessionOf } = scene
    const params = sessionOf({ deposit: parseEther('4'), coSigner: stranger })
    expect(
      await scene.changesOf(async () => {
        expect(await scene.refusalOf(stranger, market('createSession', [params]))).toBe(
          `MarketplaceWrongValue(0, ${parseEther('4')})`,
        )
        expect(await scene.refusalOf(stranger, market('createSessionFromDeposit', [params]))).toBe(
          `MarketplaceBalanceTooLow(${stranger}, ${params.token}, ${params.deposit}, 0)`,
        )
      }),
    ).toEqual({})
    expect(await scene.lastJob()).toBe(scene.victimsSession)
  })
})
