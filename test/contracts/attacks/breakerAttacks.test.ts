import { type Address, pad, parseEther, parseUnits, toFunctionSelector, zeroAddress } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Arena, because, functionsOf, openArena } from './arena.ts'

const tenth = parseEther('0.1')
const [hour, day] = [3_600, 86_400]

let arena: Arena
let host: Address
let renter: Address
let victim: Address
let stranger: Address
let guardian: Address
beforeAll(async () => {
  arena = await openArena()
  host = await arena.host(arena.of('host'))
  renter = arena.of('renter')
  stranger = arena.of('anyone')
  guardian = arena.of('guardian')
  victim = await arena.actor('victim')
  for (const one of [renter, victim]) {
    await arena.give.usdc(one, '1000')
    await arena.approve(one, 'usdc', arena.book.marketplace)
  }
})

const apart = (run: () => Promise<void>) => () => arena.apart(run)()
const parties = () => [host, renter, victim, stranger]
const level = async () => {
  const [value] = await arena.read<readonly [number, bigint]>('marketplace', 'circuitBreakerLevel')
  return value
}
const metrics = () =>
  arena.read<{ failures: bigint; suspicious: bigint }>('marketplace', 'getCircuitBreakerMetrics')
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
const emergency = (action: 'pause' | 'unpause') =>
  arena.send(guardian, 'emergencyGuardian', 'executeEmergencyAction', [
    action,
    arena.book.marketplace,
  ])

describe('X-36 no renter throttles the market', () => {
  test(
    'ten fast releases of cheap jobs raise no level, and slow down nobody but who posted them',
    apart(async () => {
      for (let i = 0; i < 10; i++) {
        const id = await arena.submitted(renter, host, parseEther('0.0001'))
        await arena.send(renter, 'marketplace', 'releasePayment', [id])
      }
      expect(await level()).toBe(0)
      expect(await metrics()).toMatchObject({ failures: 0n, suspicious: 0n })
      await arena.harmless(parties(), async () => {
        const deadline = (await arena.now()) + 7_200n
        const args = ['llama-70b', pad('0x01'), tenth, deadline]
        expect(await arena.refused(renter, 'marketplace', 'createJob', args, tenth)).toEqual(
          because('BreakerRateLimited', renter, 1n, 0n),
        )
      })
      const id = await arena.submitted(victim, host, tenth)
      await arena.send(victim, 'marketplace', 'releasePayment', [id])
      expect(await arena.withdrawable(host)).toBe(parseEther('0.08585'))
    }),
  )

  test(
    'a host that fails many jobs counts once',
    apart(async () => {
      await arena.give.fab(host, '1000')
      await arena.approve(host, 'fab', arena.book.registry)
      await arena.send(host, 'registry', 'stake', [parseEther('1000')])
      for (let i = 0; i < 6; i++) {
        await arena.send(host, 'marketplace', 'claimJob', [await arena.job(renter, tenth)])
      }
      await arena.wait(day)
      for (let id = 1n; id <= 6n; id++)
        await arena.send(stranger, 'marketplace', 'claimExpired', [id])
      expect(await metrics()).toMatchObject({ failures: 6n, suspicious: 1n })
      expect(await level()).toBe(0)
    }),
  )

  test(
    'even five stakers that fail together buy no more than a limit for each caller',
    apart(async () => {
      const hosts: Address[] = []
      for (let i = 0; i < 5; i++) hosts.push(await arena.host(await arena.actor(`bought ${i}`)))
      for (const one of hosts) {
        await arena.send(one, 'marketplace', 'claimJob', [await arena.job(renter, tenth)])
      }
      await arena.wait(day)
      for (let id = 1n; id <= 5n; id++)
        await arena.send(stranger, 'marketplace', 'claimExpired', [id])
      expect(await level()).toBe(1)
      const id = await arena.submitted(victim, host, tenth)
      await arena.send(victim, 'marketplace', 'releasePayment', [id])
      expect(await arena.read('registry', 'slashedUnclaimed', [renter])).toBe(parseEther('100'))
      await arena.wait(hour)
      expect(await level()).toBe(0)
    }),
  )
})

describe('X-37 the breaker stops new work, and only that', () => {
  test(
    'while it is paused every way to open work is refused, and every way out is open',
    apart(async () => {
      const submitted = await arena.submitted(renter, host, tenth)
      const posted = await arena.job(victim, tenth)
      const session = {
        host,
        token: zeroAddress,
        deposit: tenth,
        pricePer1000: parseEther('0.01'),
        maxDuration: BigInt(day),
        proofInterval: 500n,
        coSigner: renter,
        model: pad('0x'),
        proofMode: 0,
      }
      await arena.send(renter, 'marketplace', 'createSession', [session], tenth)
      const sessionId = await arena.read<bigint>('marketplace', 'lastJobId')
      const newcomer = await arena.actor('newcomer')
      await arena.give.fab(newcomer, '2000')
      await arena.approve(newcomer, 'fab', arena.book.registry)
      await emergency('pause')
      expect(await level()).toBe(3)

      await arena.harmless([...parties(), newcomer], async () => {
        const { usdc } = arena.book
        const deadline = (await arena.now()) + 7_200n
        const noQuote = { renter: zeroAddress, expiry: 0n, signature: '0x' }
        const openings: readonly (readonly [Address, string, readonly unknown[], bigint])[] = [
          [renter, 'createJob', ['llama-70b', pad('0x01'), tenth, deadline], tenth],
          [renter, 'postJob', [details, requirements, tenth], tenth],
          [renter, 'postJobWithToken', [details, requirements, usdc, parseUnits('1', 6)], 0n],
          [host, 'claimJob', [posted], 0n],
          [renter, 'createSessionJob', [host, tenth, 10n ** 13n, BigInt(day), 500n], tenth],
          [
            renter,
            'createSessionJobWithToken',
            [host, usdc, parseUnits('1', 6), 10n, BigInt(day), 500n],
            0n,
          ],
          [renter, 'createSession', [session], tenth],
          [renter, 'createSessionWithQuote', [session, noQuote, '0x'], tenth],
          [renter, 'createSessionFromDeposit', [session], 0n],
        ]
        for (const [from, name, args, value] of openings) {
          const refusal = await arena.refused(from, 'marketplace', name, args, value)
          expect(refusal?.name, name).toBe('BreakerPaused')
          expect(refusal?.args[1], name).toBe(3)
        }
        for (const [name, args] of [
          ['registerNode', ['gpu:a']],
          ['registerControlledNode', ['gpu:a', victim]],
        ] as const) {
          expect(await arena.refused(newcomer, 'registry', name, args)).toEqual(
            because('NodeRegistryPaused'),
          )
        }
      })

      await arena.send(renter, 'marketplace', 'releasePayment', [submitted])
      await arena.send(victim, 'marketplace', 'cancelJob', [posted])
      await arena.send(host, 'marketplace', 'settleSession', [sessionId])
      for (const one of [host, renter, victim]) {
        await arena.send(one, 'marketplace', 'withdraw', [zeroAddress])
      }
      await arena.send(host, 'registry', 'unregisterNode')
      expect(await arena.read('marketplace', 'liabilities', [zeroAddress])).toBe(
        parseEther('0.015'),
      )
    }),
  )

  test(
    'its cooldowns cannot be skipped by setting level 0, nor by unpausing',
    apart(async () => {
      await emergency('pause')
      const until = (await arena.now()) + BigInt(hour)
      await arena.harmless(parties(), async () => {
        const { marketplace } = arena.book
        for (const [name, args] of [
          ['setCircuitBreakerLevel', [marketplace, 0]],
          ['setCircuitBreakerLevel', [marketplace, 1]],
          ['executeEmergencyAction', ['unpause', marketplace]],
        ] as const) {
          expect(await arena.refused(guardian, 'emergencyGuardian', name, args), name).toEqual(
            because('BreakerCooldown', until),
          )
        }
        for (const [name, args] of [
          ['setCircuitBreakerLevel', [0]],
          ['emergencyPause', ['mine']],
          ['unpause', []],
          ['pauseFunction', [toFunctionSelector('claimJob(uint256)')]],
        ] as const) {
          expect(await arena.refused(stranger, 'marketplace', name, args), name).toEqual(
            because('BreakerNotGuardian', stranger),
          )
        }
      })
      await arena.wait(72 * hour)
      expect(await level()).toBe(0)
      const refusal = await arena.refused(guardian, 'emergencyGuardian', 'executeEmergencyAction', [
        'pause',
        arena.book.marketplace,
      ])
      expect(refusal?.name).toBe('BreakerCooldown')
      await arena.submitted(renter, host, tenth)
    }),
  )
})

describe('X-38 the rate limit counts work, not names', () => {
  test(
    'ten jobs an hour, whichever function posts them',
    apart(async () => {
      const { usdc } = arena.book
      const deadline = (await arena.now()) + 7_200n
      const ways = [
        ['createJob', ['llama-70b', pad('0x01'), tenth, deadline], tenth],
        ['postJob', [details, requirements, tenth], tenth],
        ['postJobWithToken', [details, requirements, usdc, parseUnits('1', 6)], 0n],
      ] as const
      for (let i = 0; i < 10; i++) {
        const [name, args, value] = ways[i % 3] ?? ways[0]
        await arena.send(renter, 'marketplace', name, args, value)
      }
      await arena.harmless(parties(), async () => {
        for (const [name, args, value] of ways) {
          expect(await arena.refused(renter, 'marketplace', name, args, value), name).toEqual(
            because('BreakerRateLimited', renter, 1n, 0n),
          )
        }
      })
      // It refills by itself: one in six minutes.
      await arena.wait(hour / 10)
      await arena.job(renter, tenth)
    }),
  )

  test('no function posts several jobs without asking for each', () => {
    const names = functionsOf('marketplace')
    expect(names.filter((name) => /(post|create|claim).*(s|many|batch)$/i.test(name))).toEqual([])
  })
})
