import { type Address, type Hex, parseAbi, parseEther, zeroAddress, zeroHash } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Arena, because, openArena } from './arena.ts'
import { signVoucher } from './signVoucher.ts'

const tenth = parseEther('0.1')
const [minute, hour, day] = [60, 3_600, 86_400]
const stake = parseEther('1000')

let arena: Arena
let host: Address
let rival: Address
let renter: Address
let stranger: Address
beforeAll(async () => {
  arena = await openArena()
  host = await arena.host(arena.of('host'))
  rival = await arena.host(await arena.actor('rival'))
  renter = arena.of('renter')
  stranger = arena.of('anyone')
  for (const one of [renter, rival]) {
    await arena.give.fab(one, '100')
    await arena.approve(one, 'fab', arena.book.proofSystem)
  }
})

const apart = (run: () => Promise<void>) => () => arena.apart(run)()
const parties = () => [host, rival, renter, stranger]
const openSession = async (deposit: bigint) => {
  const params = {
    ...{ host, token: zeroAddress, deposit, pricePer1000: tenth, maxDuration: BigInt(day) },
    ...{ proofInterval: 500n, coSigner: renter, model: zeroHash, proofMode: 0 },
  }
  await arena.send(renter, 'marketplace', 'createSession', [params], deposit)
  return arena.read<bigint>('marketplace', 'lastJobId')
}

describe('row 171 red team', () => {
  test(
    'Sybil: a new identity costs a new stake, and the old one keeps its score',
    apart(async () => {
      await arena.send(host, 'marketplace', 'claimJob', [await arena.job(renter, tenth)])
      await arena.wait(day)
      await arena.send(stranger, 'marketplace', 'claimExpired', [1n])
      expect(await arena.reputationOf(host)).toBe(80n)
      await arena.send(host, 'registry', 'unregisterNode')
      const fresh = await arena.actor('fresh identity')
      await arena.approve(fresh, 'fab', arena.book.registry)
      await arena.harmless([...parties(), fresh], async () => {
        expect((await arena.refused(host, 'registry', 'withdrawUnstaked'))?.name).toBe(
          'NodeRegistryStillUnbonding',
        )
        expect(await arena.refused(fresh, 'registry', 'registerNode', ['gpu:a'])).toEqual(
          because('ERC20InsufficientBalance', fresh, 0n, stake),
        )
      })
      // What the failure cost it has to be paid again, and the score is what it was.
      await arena.give.fab(host, '20')
      await arena.send(host, 'registry', 'registerNode', ['gpu:a'])
      expect(await arena.reputationOf(host)).toBe(80n)
    }),
  )

  test(
    'Spam: each account is limited and locks real money, and text has an end',
    apart(async () => {
      const deadline = (await arena.now()) + 7_200n
      const args = ['llama-70b', zeroHash, tenth, deadline]
      for (let i = 0; i < 10; i++) await arena.job(stranger, parseEther('0.0001'))
      await arena.harmless(parties(), async () => {
        expect(await arena.refused(stranger, 'marketplace', 'createJob', args, tenth)).toEqual(
          because('BreakerRateLimited', stranger, 1n, 0n),
        )
        const long = 'x'.repeat(1_025)
        expect(await arena.refused(host, 'registry', 'updateMetadata', [long])).toEqual(
          because('NodeRegistryMetadataLength', 1_025n, 1_024n),
        )
        const named = ['x'.repeat(129), zeroHash, tenth, deadline]
        expect(await arena.refused(renter, 'marketplace', 'createJob', named, tenth)).toEqual(
          because('JobFieldOutOfRange', 'modelId', 129n, 1n, 128n),
        )
      })
      expect(await arena.read('marketplace', 'liabilities', [zeroAddress])).toBe(
        10n * parseEther('0.0001'),
      )
      await arena.job(renter, tenth)
    }),
  )

  test(
    'front-running: a copied commitment, a copied voucher and a copied claim are worthless',
    apart(async () => {
      // Evidence is bound to who found it.
      const id = await arena.submitted(renter, host, tenth)
      const evidence = await arena.read<Hex>('proofSystem', 'evidenceHashOf', [
        ...[id, renter, 'bafkreievidence', zeroHash],
      ])
      const bond = parseEther('10')
      await arena.send(rival, 'proofSystem', 'challengeProof', [id, evidence, bond])
      await arena.harmless(parties(), async () => {
        for (const thief of [rival, stranger]) {
          const args = [1n, 'bafkreievidence', zeroHash]
          const refusal = await arena.refused(thief, 'proofSystem', 'revealEvidence', args)
          expect(refusal?.name).toBe('ChallengeEvidenceMismatch')
        }
      })
      // The thief loses its bond, and the one who was copied still gets its turn.
      await arena.wait(12 * hour)
      await arena.send(renter, 'proofSystem', 'challengeProof', [id, evidence, bond])
      await arena.send(renter, 'proofSystem', 'revealEvidence', [2n, 'bafkreievidence', zeroHash])
      expect(await arena.read('proofSystem', 'withdrawableBond', [host])).toBe(bond)

      // A voucher pays the session's host, whoever brings it.
      const session = await openSession(tenth)
      const signature = await signVoucher(arena, session, 500n)
      const args = [session, 500n, zeroHash, signature]
      await arena.harmless(parties(), async () => {
        expect(await arena.refused(rival, 'marketplace', 'settleSessionWithVoucher', args)).toEqual(
          because('SessionNotHost', session, rival),
        )
      })
      await arena.send(rival, 'marketplace', 'submitCheckpoint', args)
      await arena.send(host, 'marketplace', 'settleSession', [session])
      expect(await arena.withdrawable(host)).toBe(((tenth / 2n) * 85n) / 100n)
      expect(await arena.withdrawable(rival)).toBe(0n)
    }),
  )

  test(
    'griefing: a host holds no more jobs hostage than its stake pays bonds for',
    apart(async () => {
      const renters: Address[] = []
      for (let i = 0; i < 51; i++) {
        const one = renters[Math.floor(i / 10)] ?? (await arena.actor(`renter ${i}`))
        if (i % 10 === 0) renters.push(one)
        const id = await arena.job(one, tenth)
        if (i < 50) await arena.send(host, 'marketplace', 'claimJob', [id])
      }
      await arena.harmless(parties(), async () => {
        expect(await arena.refused(host, 'marketplace', 'claimJob', [51n])).toEqual(
          because('JobClaimsNotCovered', host, 51n, 50n),
        )
      })
      await arena.send(rival, 'marketplace', 'claimJob', [51n])
      await arena.wait(day)
      for (let id = 1n; id <= 50n; id++) {
        await arena.send(stranger, 'marketplace', 'claimExpired', [id])
      }
      let bonds = await arena.read<bigint>('registry', 'slashedUnclaimed', [arena.book.timelock])
      for (const one of renters) {
        bonds += await arena.read<bigint>('registry', 'slashedUnclaimed', [one])
      }
      expect(bonds).toBe(stake)
      for (const one of renters.slice(0, 5)) expect(await arena.withdrawable(one)).toBe(10n * tenth)
      // Five bonds a day go to renters, the rest to governance: a host moves no stake out by failing.
      await arena.send(renters[0] ?? stranger, 'registry', 'claimSlashed')
      expect(await arena.read('fab', 'balanceOf', [renters[0]])).toBe(parseEther('100'))
      expect(await arena.reputationOf(host)).toBe(0n)
      expect(await arena.read('registry', 'isActiveNode', [host])).toBe(false)
    }),
  )

  test(
    'griefing: a job that is handed in or given up makes room again',
    apart(async () => {
      await arena.submitted(renter, host, tenth)
      const next = await arena.job(renter, tenth)
      await arena.send(host, 'marketplace', 'claimJob', [next])
      await arena.send(host, 'marketplace', 'abandonClaim', [next])
      expect(await arena.read('registry', 'coveredClaims', [host])).toBe(49n)
      // Its stake fell below the minimum: it takes no more work before it has paid that up.
      const third = await arena.job(renter, tenth)
      await arena.harmless(parties(), async () => {
        expect(await arena.refused(host, 'marketplace', 'claimJob', [third])).toEqual(
          because('MarketplaceHostNotActive', host),
        )
      })
    }),
  )

  test(
    'rug pull: nobody leaves with the stake of open work, nor with the money of others',
    apart(async () => {
      const id = await arena.submitted(renter, host, tenth)
      await arena.send(host, 'registry', 'unregisterNode')
      await arena.wait(6 * day)
      await arena.harmless(parties(), async () => {
        expect((await arena.refused(host, 'registry', 'withdrawUnstaked'))?.name).toBe(
          'NodeRegistryStillUnbonding',
        )
      })
      await arena.wait(day)
      const { deployer, treasury } = arena.wallets
      const upgrade = {
        address: arena.book.marketplace,
        abi: parseAbi([
          'function upgradeToAndCall(address, bytes) payable',
          'error OwnableUnauthorizedAccount(address)',
        ]),
      }
      await arena.harmless(parties(), async () => {
        expect(await arena.refused(host, 'registry', 'withdrawUnstaked')).toEqual(
          because('NodeRegistryObligationsOpen', 1n),
        )
        for (const insider of [deployer, treasury].map(({ account }) => account.address)) {
          for (const address of [arena.book.marketplace, arena.book.registry]) {
            const args = [arena.book.fab, '0x']
            expect(
              (await arena.refused(insider, { ...upgrade, address }, 'upgradeToAndCall', args))
                ?.name,
            ).toBe('OwnableUnauthorizedAccount')
          }
        }
        // Governance itself, too, sweeps no more than what nobody is owed.
        const sweep = [zeroAddress, arena.of('treasury')]
        expect(
          await arena.refused(arena.book.timelock, 'marketplace', 'sweepSurplus', sweep),
        ).toEqual(because('EscrowNoSurplus', zeroAddress))
      })
      // Nor does it take all of a stake: half of it at once, and the next half a day later.
      const slash = [rival, 2n ** 255n, arena.of('treasury'), 'greed']
      await arena.govern('registry', 'slash', slash)
      await arena.govern('registry', 'slash', slash)
      expect(await arena.read('registry', 'slashedUnclaimed', [arena.of('treasury')])).toBe(
        stake / 2n,
      )
      await arena.send(renter, 'marketplace', 'releasePayment', [id])
      await arena.send(host, 'registry', 'withdrawUnstaked')
      expect(await arena.read('fab', 'balanceOf', [host])).toBe(stake)
    }),
  )
})

describe('row 5 escrow protects renters', () => {
  test(
    'all that is not proven comes back after the timeout, while everything is paused and the host is silent',
    apart(async () => {
      const id = await openSession(tenth)
      const args = [id, 500n, zeroHash, await signVoucher(arena, id, 500n)]
      await arena.send(host, 'marketplace', 'submitCheckpoint', args)
      await arena.wait(day + 2 * hour - 10 * minute)
      await arena.harmless(parties(), async () => {
        const refusal = await arena.refused(stranger, 'marketplace', 'triggerSessionTimeout', [id])
        expect(refusal?.name).toBe('SessionNotDue')
      })
      await arena.send(arena.of('guardian'), 'emergencyGuardian', 'executeEmergencyAction', [
        ...['pause', arena.book.marketplace],
      ])
      for (const name of ['setProofSystem', 'setReputation'] as const) {
        await arena.govern('marketplace', name, [zeroAddress])
      }
      await arena.govern('marketplace', 'setAcceptedToken', [arena.book.usdc, false])
      await arena.wait(10 * minute)
      await arena.send(stranger, 'marketplace', 'triggerSessionTimeout', [id])
      expect(await arena.withdrawable(renter)).toBe(tenth / 2n)
      const before = await arena.publicClient.getBalance({ address: arena.book.marketplace })
      await arena.send(renter, 'marketplace', 'withdraw', [zeroAddress])
      expect(await arena.publicClient.getBalance({ address: arena.book.marketplace })).toBe(
        before - tenth / 2n,
      )
      expect(await arena.refused(renter, 'marketplace', 'withdraw', [zeroAddress])).toEqual(
        because('MarketplaceNothingToWithdraw', renter, zeroAddress),
      )
    }),
  )
})
