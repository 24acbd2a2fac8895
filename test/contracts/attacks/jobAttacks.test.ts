import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import {
  type Address,
  concatHex,
  pad,
  parseEther,
  parseUnits,
  toFunctionSelector,
  zeroAddress,
  zeroHash,
} from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Arena, because, functionsOf, openArena } from './arena.ts'

const status = { posted: 1, claimed: 2, submitted: 3, released: 4, expired: 5, disputed: 8 }
const [resolved, oneEther] = [9, parseEther('1')]
const day = 86_400

let arena: Arena
let host: Address
let renter: Address
let victim: Address
let stranger: Address
let arbiter: Address
beforeAll(async () => {
  arena = await openArena()
  host = await arena.host(arena.of('host'))
  renter = arena.of('renter')
  stranger = arena.of('anyone')
  arbiter = arena.of('arbiter')
  victim = await arena.actor('victim')
  // The money of others that a thief would find.
  await arena.job(victim, parseEther('3'))
  for (const one of [renter, victim]) {
    await arena.give.usdc(one, '1000')
    await arena.approve(one, 'usdc', arena.book.marketplace)
  }
})

const apart = (run: () => Promise<void>) => () => arena.apart(run)()
const parties = () => [host, renter, victim, stranger]
const escrow = (id: bigint) => pad(`0x${id.toString(16)}`)
const details = {
  modelId: 'llama-70b',
  prompt: 'bafkreiprompt',
  maxTokens: 4_000n,
  temperature: 700n,
  seed: 42n,
  resultFormat: 'json',
}
const requirements = {
  minGPUMemory: 16n,
  minReputationScore: 0n,
  maxTimeToComplete: BigInt(day),
  requiresProof: false,
}
const refuseAll = async (
  calls: readonly (readonly [Address, string, readonly unknown[], bigint?])[],
  expected: ReturnType<typeof because>,
) => {
  for (const [from, name, args, value] of calls) {
    expect(await arena.refused(from, 'marketplace', name, args, value), name).toEqual(expected)
  }
}
const usdcJob = async (amount: string) => {
  const args = [details, requirements, arena.book.usdc, parseUnits(amount, 6)]
  await arena.send(renter, 'marketplace', 'postJobWithToken', args)
  return arena.read<bigint>('marketplace', 'lastJobId')
}
/** Every way in which a job is paid or refunded. */
const ends = (id: bigint) =>
  [
    [renter, 'releasePayment', [id]],
    [renter, 'releaseEscrow', [escrow(id)]],
    [stranger, 'autoRelease', [id]],
    [stranger, 'autoRelease', [escrow(id)]],
  ] as const

describe('X-30 a job is paid once', () => {
  test(
    'releasing it again pays nothing, in whatever order and under whatever name',
    apart(async () => {
      const id = await arena.submitted(renter, host, oneEther)
      await arena.send(renter, 'marketplace', 'releasePayment', [id])
      expect(await arena.withdrawable(host)).toBe(parseEther('0.85'))
      await arena.wait(8 * day)
      await arena.harmless(parties(), async () => {
        const terminal = because('JobWrongStatus', id, status.released, status.submitted)
        await refuseAll(ends(id), terminal)
        await refuseAll(
          [
            [renter, 'disputeResult', [id], parseEther('0.01')],
            [renter, 'disputeEscrow', [escrow(id)], parseEther('0.01')],
          ],
          terminal,
        )
        await refuseAll(
          [
            [arbiter, 'resolveDispute', [escrow(id), host]],
            [stranger, 'resolveStale', [escrow(id)]],
          ],
          because('JobWrongStatus', id, status.released, status.disputed),
        )
        await refuseAll(
          [
            [renter, 'cancelJob', [id]],
            [stranger, 'claimExpired', [id]],
          ],
          because('JobWrongStatus', id, status.released, status.posted),
        )
        await refuseAll(
          [
            [host, 'completeJob', [id, 'again', '0x']],
            [host, 'submitResult', [id, 'again']],
            [host, 'abandonClaim', [id]],
          ],
          because('JobWrongStatus', id, status.released, status.claimed),
        )
      })

      await arena.send(host, 'marketplace', 'withdraw', [zeroAddress])
      expect(await arena.refused(host, 'marketplace', 'withdraw', [zeroAddress])).toEqual(
        because('MarketplaceNothingToWithdraw', host, zeroAddress),
      )
      expect(await arena.publicClient.getBalance({ address: arena.book.marketplace })).toBe(
        parseEther('3.15'),
      )
    }),
  )

  test('there is no batch that pays without looking', () => {
    const names = functionsOf('marketplace')
    expect(names.filter((name) => /batch(Release|Post)|releasePaymentFor/i.test(name))).toEqual([])
  })
})

describe('X-31 a job is paid in its own token', () => {
  test(
    'release, dispute and refund of a USDC job leave the ETH of others alone',
    apart(async () => {
      const { usdc } = arena.book
      const ids = [await usdcJob('100'), await usdcJob('100'), await usdcJob('100')] as const
      const [released, disputed, abandoned] = ids
      for (const id of ids) await arena.send(host, 'marketplace', 'claimJob', [id])
      await arena.send(host, 'marketplace', 'submitResult', [released, 'cid'])
      await arena.send(host, 'marketplace', 'submitResult', [disputed, 'cid'])
      // ETH is no bond for a job in USDC.
      await arena.harmless(parties(), async () => {
        expect(
          await arena.refused(renter, 'marketplace', 'disputeResult', [disputed], parseEther('1')),
        ).toEqual(because('MarketplaceWrongValue', parseEther('1'), 0n))
      })
      await arena.send(renter, 'marketplace', 'disputeResult', [disputed])
      await arena.send(renter, 'marketplace', 'releasePayment', [released])
      await arena.send(arbiter, 'marketplace', 'resolveDispute', [escrow(disputed), host])
      await arena.wait(day)
      await arena.send(stranger, 'marketplace', 'claimExpired', [abandoned])

      expect(await arena.withdrawable(host)).toBe(0n)
      expect(await arena.withdrawable(renter)).toBe(0n)
      // 85 for each of two jobs, and the bond of the lost dispute.
      expect(await arena.withdrawable(host, usdc)).toBe(parseUnits('171', 6))
      expect(await arena.withdrawable(renter, usdc)).toBe(parseUnits('100', 6))
      expect(await arena.read('marketplace', 'liabilities', [zeroAddress])).toBe(parseEther('3'))
      expect(await arena.read('marketplace', 'liabilities', [usdc])).toBe(parseUnits('301', 6))
      await arena.harmless(parties(), async () => {
        expect(await arena.refused(host, 'marketplace', 'withdraw', [zeroAddress])).toEqual(
          because('MarketplaceNothingToWithdraw', host, zeroAddress),
        )
      })
    }),
  )
})

describe('X-32 nobody makes itself governance', () => {
  test(
    'every neighbour is set already, and by the timelock alone',
    apart(() =>
      arena.harmless(parties(), async () => {
        const setters = ['setArbiter', 'setReputation', 'setProofSystem', 'setGuardian'] as const
        for (const attacker of [stranger, arena.of('deployer')]) {
          await refuseAll(
            setters.map((name) => [attacker, name, [attacker]] as const),
            because('OwnableUnauthorizedAccount', attacker),
          )
        }
        expect(await arena.refused(stranger, 'marketplace', 'acceptOwnership')).toEqual(
          because('OwnableUnauthorizedAccount', stranger),
        )
      }),
    ),
  )

  test(
    'only the arbiter decides a dispute, and only once',
    apart(async () => {
      const id = await arena.submitted(renter, host, oneEther)
      await arena.send(renter, 'marketplace', 'disputeResult', [id], parseEther('0.01'))
      await arena.harmless(parties(), async () => {
        for (const attacker of [stranger, renter, host, arena.of('guardian')]) {
          expect(
            await arena.refused(attacker, 'marketplace', 'resolveDispute', [escrow(id), attacker]),
          ).toEqual(because('EscrowNotArbiter', attacker))
        }
        expect(
          await arena.refused(arbiter, 'marketplace', 'resolveDispute', [escrow(id), arbiter]),
        ).toEqual(because('EscrowNotParty', escrow(id), arbiter))
      })
      await arena.send(arbiter, 'marketplace', 'resolveDispute', [escrow(id), renter])
      expect(await arena.withdrawable(renter)).toBe(parseEther('1.01'))
      await arena.harmless(parties(), () =>
        refuseAll(
          [
            [arbiter, 'resolveDispute', [escrow(id), renter]],
            [arbiter, 'resolveDispute', [escrow(id), host]],
            [stranger, 'resolveStale', [escrow(id)]],
          ],
          because('JobWrongStatus', id, resolved, status.disputed),
        ),
      )
    }),
  )
})

describe('X-33 nobody acts in the name of another', () => {
  test(
    'claimJobFor, createJobFor and failJob do not exist',
    apart(() =>
      arena.harmless(parties(), async () => {
        for (const signature of [
          'claimJobFor(address,uint256)',
          'createJobFor(address,string,bytes32,uint256,uint256)',
          'failJob(uint256)',
          'markJobFailed(uint256)',
        ]) {
          const data = concatHex([toFunctionSelector(signature), pad(host), pad('0x01')])
          expect(
            await arena.refusedRaw(renter, arena.book.marketplace, data),
            signature,
          ).toBeUndefined()
        }
      }),
    ),
  )

  test(
    'a job without a price cannot be posted, in no token and by no name',
    apart(() =>
      arena.harmless(parties(), async () => {
        const deadline = (await arena.now()) + 7_200n
        const tooLittle = (token: Address, minimum: bigint, maximum: bigint) =>
          because('MarketplaceDepositOutOfRange', token, 0n, minimum, maximum)
        const inEther = tooLittle(zeroAddress, parseEther('0.0001'), parseEther('1000'))
        await refuseAll(
          [
            [renter, 'createJob', ['llama-70b', zeroHash, 0n, deadline]],
            [renter, 'postJob', [details, requirements, 0n]],
          ],
          inEther,
        )
        const { usdc } = arena.book
        await refuseAll(
          [[renter, 'postJobWithToken', [details, requirements, usdc, 0n]]],
          tooLittle(usdc, parseUnits('0.5', 6), parseUnits('1000000', 6)),
        )
      }),
    ),
  )

  test(
    'a renter takes no point from a host: not by failing its job, nor by forcing one on it',
    apart(async () => {
      const id = await arena.job(renter, oneEther)
      await arena.harmless(parties(), async () => {
        expect(await arena.refused(renter, 'marketplace', 'claimJob', [id])).toEqual(
          because('MarketplaceSelfDealing', renter),
        )
        expect(await arena.refused(stranger, 'marketplace', 'claimJob', [id])).toEqual(
          because('MarketplaceHostNotActive', stranger),
        )
      })
      await arena.send(host, 'marketplace', 'claimJob', [id])
      const { deadline } = await arena.read<{ deadline: number }>('marketplace', 'getJob', [id])
      await arena.harmless(parties(), async () => {
        expect(await arena.refused(renter, 'marketplace', 'claimExpired', [id])).toEqual(
          because('JobDeadlineNotReached', id, BigInt(deadline)),
        )
        for (const attacker of [renter, stranger]) {
          await refuseAll(
            [
              [attacker, 'completeJob', [id, 'garbage', '0x']],
              [attacker, 'submitResult', [id, 'garbage']],
              [attacker, 'abandonClaim', [id]],
            ],
            because('JobNotHost', id, attacker),
          )
          for (const functionName of ['recordJobCompletion', 'slashReputation'] as const) {
            const args = functionName === 'slashReputation' ? [host, 20n, ''] : [host, id, false]
            expect((await arena.refused(attacker, 'reputation', functionName, args))?.name).toMatch(
              /^ReputationNot(Reporter|Slasher)$/,
            )
          }
        }
      })
      expect(await arena.reputationOf(host)).toBe(100n)
    }),
  )
})

describe('X-39 the escrow is the job', () => {
  test(
    'the host releases nothing to itself, and the depositor is the renter',
    apart(async () => {
      const inEther = await arena.submitted(renter, host, oneEther)
      const inUsdc = await usdcJob('100')
      await arena.send(host, 'marketplace', 'claimJob', [inUsdc])
      await arena.send(host, 'marketplace', 'submitResult', [inUsdc, 'cid'])
      for (const id of [inEther, inUsdc]) {
        expect(await arena.read('marketplace', 'getEscrow', [escrow(id)])).toMatchObject({
          depositor: renter,
          host,
          token: id === inUsdc ? arena.book.usdc : zeroAddress,
          amount: id === inUsdc ? parseUnits('100', 6) : oneEther,
        })
        await arena.harmless(parties(), async () => {
          for (const attacker of [host, stranger]) {
            await refuseAll(
              [
                [attacker, 'releaseEscrow', [escrow(id)]],
                [attacker, 'releasePayment', [id]],
              ],
              because('JobNotRenter', id, attacker),
            )
          }
          const { releaseAt } = await arena.read<{ releaseAt: number }>('marketplace', 'getJob', [
            id,
          ])
          await refuseAll(
            [
              [host, 'autoRelease', [id]],
              [host, 'autoRelease', [escrow(id)]],
            ],
            because('JobReviewOpen', id, BigInt(releaseAt)),
          )
        })
      }
    }),
  )

  test(
    'no owner function reaches what is owed: the surplus is what nobody is owed',
    apart(async () => {
      const names = jobMarketplaceAbi.flatMap((item) =>
        item.type === 'function' ? [item.name] : [],
      )
      expect(names.filter((name) => /emergencyWithdraw|rescue|recover|migrat/i.test(name))).toEqual(
        [],
      )
      await arena.harmless(parties(), async () => {
        for (const token of [zeroAddress, arena.book.usdc]) {
          const args = [token, arena.of('treasury')]
          expect(await arena.refused(stranger, 'marketplace', 'sweepSurplus', args)).toEqual(
            because('OwnableUnauthorizedAccount', stranger),
          )
          expect(
            await arena.refused(arena.book.timelock, 'marketplace', 'sweepSurplus', args),
          ).toEqual(because('EscrowNoSurplus', token))
        }
      })
    }),
  )
})
