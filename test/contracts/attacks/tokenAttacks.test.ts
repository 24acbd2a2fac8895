import { type Address, parseAbi, parseEther, parseUnits, zeroAddress, zeroHash } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Call, callOf } from './attackChain.ts'
import {
  type AttackScene,
  attackScene,
  day,
  ethPrice,
  type SessionParams,
  usdcPrice,
} from './scene.ts'

let scene: AttackScene
beforeAll(async () => {
  scene = await attackScene({ mocks: ['WithholdingToken'] })
})
beforeEach(() => scene.reset())

const ether = parseEther('1')
const half = (symbol: string, renter = 'renter') => ({
  [`${symbol} owed to host`]: parseEther('0.425'),
  [`${symbol} owed to ${renter}`]: parseEther('0.5'),
  [`${symbol} fees for the treasury`]: parseEther('0.05'),
  [`${symbol} fees for the stakers`]: parseEther('0.025'),
})

/** A session of 1 ETH, or as much of a token, of which half is used. */
async function halfUsed(renter: Address, token: Address = zeroAddress): Promise<bigint> {
  const id = await scene.open({ token, coSigner: scene.renter }, renter)
  const voucher = [id, 5_000n, zeroHash, await scene.sign(id, 5_000n)]
  await scene.send(scene.stranger, scene.market('submitCheckpoint', voucher))
  return id
}

const exits = {
  'the host’s claim': (id: bigint) =>
    scene.send(scene.host, scene.market('claimWithProof', [id, '0x', 0n])),
  'the timeout': async (id: bigint) => {
    await scene.wait(day + 7_200n)
    await scene.send(scene.stranger, scene.market('triggerSessionTimeout', [id]))
  },
  'the completion': async (id: bigint, renter: Address) => {
    await scene.send(renter, scene.market('completeSessionJob', [id]))
    await scene.wait(3_600n)
    await scene.send(scene.stranger, scene.market('finalizeSession', [id]))
  },
}

describe.each(Object.keys(exits) as (keyof typeof exits)[])('[X-09] %s pays the host', (exit) => {
  const withdraw = (token: Address, to?: Address) =>
    scene.market('withdraw', to === undefined ? [token] : [token, to])

  test.each(['RejectingWallet', 'GasBurningWallet'])(
    'whose renter is a %s, which keeps its own refund from itself only',
    async (kind) => {
      const wallet = await scene.deployHostile(kind)
      scene.people.set('wallet', wallet)
      await scene.testClient.setBalance({ address: wallet, value: ether })
      const id = await halfUsed(wallet)
      const settle = () => exits[exit](id, wallet)
      expect(await scene.changesOf(settle)).toEqual(half('ETH', 'wallet'))
      const payHost = () => scene.send(scene.host, withdraw(zeroAddress))
      expect(await scene.changesOf(payHost)).toMatchObject({ 'ETH of host': parseEther('0.425') })

      const refused = await scene.changesOf(async () => {
        const withLittle = { ...withdraw(zeroAddress), gas: 300_000n }
        expect(await scene.refusalOf(wallet, withLittle)).toBe(
          `MarketplaceEthTransferFailed(${wallet}, ${parseEther('0.5')})`,
        )
      })
      expect(refused).toEqual({})
      const elsewhere = () => scene.send(wallet, withdraw(zeroAddress, scene.stranger))
      expect(await scene.changesOf(elsewhere)).toMatchObject({
        'ETH of stranger': parseEther('0.5'),
      })
    },
  )

  test('whose renter the token has blacklisted', async () => {
    const token = await scene.deployHostile('BlacklistingToken')
    await scene.listToken('BLACK', token)
    await scene.fund(token, scene.renter, ether)
    const id = await halfUsed(scene.renter, token)
    const { abi } = scene.hostile.BlacklistingToken ?? { abi: [] }
    await scene.send(scene.stranger, callOf(token, abi, 'blacklist', [scene.renter]))
    expect(await scene.changesOf(() => exits[exit](id, scene.renter))).toEqual(half('BLACK'))
    const payHost = () => scene.send(scene.host, withdraw(token))
    expect(await scene.changesOf(payHost)).toMatchObject({ 'BLACK of host': parseEther('0.425') })

    const refused = await scene.changesOf(async () => {
      const error = `Blacklisted(${scene.renter})`
      expect(await scene.refusalOf(scene.renter, withdraw(token))).toBe(error)
    })
    expect(refused).toEqual({})
    const elsewhere = () => scene.send(scene.renter, withdraw(token, scene.stranger))
    expect(await scene.changesOf(elsewhere)).toMatchObject({
      'BLACK of stranger': parseEther('0.5'),
    })
  })
})

describe('[X-10] every way into a session asks the same', () => {
  const noQuote = { renter: zeroAddress, expiry: 0n, signature: '0x' }
  /** What the victim sends: it has prepaid balances too. */
  const ways: Record<string, (params: SessionParams, value: bigint) => Call> = {
    createSession: (params, value) => scene.market('createSession', [params], value),
    createSessionWithQuote: (params, value) =>
      scene.market('createSessionWithQuote', [params, noQuote, '0x'], value),
    createSessionFromDeposit: (params) => scene.market('createSessionFromDeposit', [params]),
    'the seed’s form': (
      { host, token, deposit, pricePer1000, maxDuration, proofInterval },
      value,
    ) => {
      const terms = [deposit, pricePer1000 / 1_000n, maxDuration, proofInterval]
      return token === zeroAddress
        ? scene.market('createSessionJob', [host, ...terms], value)
        : scene.market('createSessionJobWithToken', [host, token, ...terms])
    },
  }
  const flaws: Record<string, (token: Address) => [flaw: Partial<SessionParams>, error: string]> = {
    'an unregistered host': () => [
      { host: scene.stranger },
      `MarketplaceHostNotActive(${scene.stranger})`,
    ],
    'the renter as its own host': () => [
      { host: scene.victim },
      `MarketplaceSelfDealing(${scene.victim})`,
    ],
    'a price of 0': () => [
      { pricePer1000: 0n },
      `SessionFieldOutOfRange(pricePer1000, 0, 1, ${2n ** 96n - 1n})`,
    ],
    'an interval of 0': () => [
      { proofInterval: 0n },
      'SessionFieldOutOfRange(proofInterval, 0, 100, 1000000)',
    ],
    'a duration of 0': () => [
      { maxDuration: 0n },
      'SessionFieldOutOfRange(maxDuration, 0, 600, 31536000)',
    ],
    'a duration of more than a year': () => [
      { maxDuration: 365n * day + 1n },
      'SessionFieldOutOfRange(maxDuration, 31536001, 600, 31536000)',
    ],
    'a deposit of 0': (token) =>
      token === zeroAddress
        ? [
            { deposit: 0n },
            `MarketplaceDepositOutOfRange(${token}, 0, ${10n ** 14n}, ${10n ** 21n})`,
          ]
        : [{ deposit: 0n }, `MarketplaceDepositOutOfRange(${token}, 0, 500000, ${10n ** 12n})`],
    'fewer tokens than the interval': (token) => [
      { proofInterval: 1_000_000n },
      `SessionFieldOutOfRange(capacity, ${token === zeroAddress ? 10_000 : 5_000}, 1000000, ${2n ** 40n - 1n})`,
    ],
  }

  test.each(
    ['ETH', 'USDC'].flatMap((symbol) => Object.keys(flaws).map((flaw) => ({ symbol, flaw }))),
  )('$symbol: $flaw', async ({ symbol, flaw }) => {
    const token = symbol === 'ETH' ? zeroAddress : scene.book.usdc
    const terms =
      symbol === 'ETH'
        ? { deposit: ether, pricePer1000: ethPrice }
        : { deposit: parseUnits('5', 6), pricePer1000: usdcPrice }
    const [change, error] = flaws[flaw]?.(token) ?? [{}, '']
    const params = scene.sessionOf({ token, ...terms, coSigner: scene.victim, ...change })
    const value = symbol === 'ETH' ? params.deposit : 0n
    const changes = await scene.changesOf(async () => {
      for (const [name, callFor] of Object.entries(ways)) {
        const expected = name.startsWith('the seed')
          ? error.replace(
              `pricePer1000, 0, 1, ${2n ** 96n - 1n}`,
              `pricePerToken, 0, 1, ${(2n ** 96n - 1n) / 1_000n}`,
            )
          : error
        expect(await scene.refusalOf(scene.victim, callFor(params, value)), name).toBe(expected)
      }
    })
    expect(changes).toEqual({})
    expect(await scene.lastJob()).toBe(1n)
  })

  test('a token that nobody listed, with ETH in place of it', async () => {
    const params = scene.sessionOf({ token: scene.book.fab, coSigner: scene.victim })
    const changes = await scene.changesOf(async () => {
      for (const [name, callFor] of Object.entries(ways)) {
        expect(await scene.refusalOf(scene.victim, callFor(params, 0n)), name).toBe(
          `MarketplaceTokenNotAccepted(${scene.book.fab})`,
        )
      }
    })
    expect(changes).toEqual({})
  })
})

describe('[X-11] a token that moves less than it says', () => {
  const doors = (token: Address): Call[] => {
    const params = scene.sessionOf({ token })
    const { host, deposit, pricePer1000, maxDuration, proofInterval } = params
    const details = {
      modelId: 'llama-70b',
      prompt: 'bafkprompt',
      maxTokens: 4_000n,
      temperature: 700n,
      seed: 42n,
      resultFormat: 'json',
    }
    const needs = {
      minGPUMemory: 0n,
      minReputationScore: 0n,
      maxTimeToComplete: day,
      requiresProof: false,
    }
    return [
      scene.market('createSession', [params]),
      scene.market('createSessionWithQuote', [
        params,
        { renter: zeroAddress, expiry: 0n, signature: '0x' },
        '0x',
      ]),
      scene.market('createSessionJobWithToken', [
        ...[host, token, deposit, pricePer1000 / 1_000n, maxDuration, proofInterval],
      ]),
      scene.market('depositPrepaid', [token, deposit]),
      scene.market('postJobWithToken', [details, needs, token, deposit]),
    ]
  }

  test.each([
    {
      kind: 'FalseReturningToken',
      error: (token: Address) => `SafeERC20FailedOperation(${token})`,
    },
    {
      kind: 'LyingToken',
      error: (token: Address) => `MarketplaceTransferMismatch(${token}, 0, ${ether})`,
    },
    {
      kind: 'FeeOnTransferToken',
      error: (token: Address) =>
        `MarketplaceTransferMismatch(${token}, ${parseEther('0.99')}, ${ether})`,
    },
  ])('$kind: nothing opens, on any way in', async ({ kind, error }) => {
    const token = await scene.deployHostile(kind)
    await scene.listToken('BAD', token)
    await scene.fund(token, scene.renter, 100n * ether)
    const changes = await scene.changesOf(async () => {
      for (const call of doors(token)) {
        expect(await scene.refusalOf(scene.renter, call)).toBe(error(token))
      }
    })
    expect(changes).toEqual({})
    expect(await scene.lastJob()).toBe(1n)
  })

  test('a token that answers nothing is taken at what it moves', async () => {
    const token = await scene.deployHostile('SilentToken')
    await scene.listToken('SILENT', token)
    await scene.send(
      scene.stranger,
      callOf(token, parseAbi(['function mint(address, uint256)']), 'mint', [scene.renter, ether]),
    )
    const id = await halfUsed(scene.renter, token)
    await scene.send(scene.host, scene.market('settleSession', [id]))
    const paid = await scene.changesOf(() =>
      scene.send(scene.host, scene.market('withdraw', [token])),
    )
    expect(paid).toMatchObject({ 'SILENT of host': parseEther('0.425') })
  })

  test('what a token refuses to pay out stays owed', async () => {
    const token = await scene.deployHostile('WithholdingToken')
    const { abi } = scene.hostile.WithholdingToken ?? { abi: [] }
    await scene.listToken('KEPT', token)
    await scene.fund(token, scene.renter, ether)
    const id = await halfUsed(scene.renter, token)
    await scene.send(scene.stranger, callOf(token, abi, 'withhold', [true]))
    const settle = () => scene.send(scene.host, scene.market('settleSession', [id]))
    expect(await scene.changesOf(settle)).toEqual(half('KEPT'))
    const exitCalls: [Address, Call][] = [
      [scene.host, scene.market('withdraw', [token])],
      [scene.host, scene.market('withdrawAll', [[token]])],
      [scene.renter, scene.market('withdraw', [token, scene.stranger])],
    ]
    const refused = await scene.changesOf(async () => {
      for (const [from, call] of exitCalls) {
        expect(await scene.refusalOf(from, call)).toBe(`SafeERC20FailedOperation(${token})`)
      }
    })
    expect(refused).toEqual({})
    // The pool pulls its part, which this token allows; the treasury's stays owed.
    const distribute = () => scene.send(scene.stranger, scene.market('distributeFees', [token]))
    const part = parseEther('0.025')
    expect(await scene.changesOf(distribute)).toEqual({
      'KEPT fees for the stakers': -part,
      'KEPT in the marketplace': -part,
      'KEPT in the pool of stakers': part,
      'KEPT that the marketplace owes': -part,
    })
    await scene.send(scene.stranger, callOf(token, abi, 'withhold', [false]))
    const paid = await scene.changesOf(() =>
      scene.send(scene.host, scene.market('withdraw', [token])),
    )
    expect(paid).toMatchObject({ 'KEPT of host': parseEther('0.425') })
  })
})

describe('[X-12] ETH comes exactly, or not at all', () => {
  test.each([ether + parseEther('0.5'), ether + 1n, ether - 1n, 0n])(
    '%d wei for a deposit of 1 ETH',
    async (value) => {
      const { market, renter, host } = scene
      const params = scene.sessionOf()
      const changes = await scene.changesOf(async () => {
        for (const call of [
          market('createSession', [params], value),
          market('createSessionJob', [host, ether, ethPrice / 1_000n, day, 100n], value),
          market('depositPrepaid', [zeroAddress, ether], value),
          market('createJob', ['llama-70b', zeroHash, ether, (await scene.now()) + day], value),
        ]) {
          expect(await scene.refusalOf(renter, call)).toBe(
            `MarketplaceWrongValue(${value}, ${ether})`,
          )
        }
      })
      expect(changes).toEqual({})
    },
  )

  test('ETH beside a token, and ETH beside nothing', async () => {
    const { market, renter, book } = scene
    const deposit = parseUnits('5', 6)
    const params = scene.sessionOf({ token: book.usdc, deposit, pricePer1000: usdcPrice })
    const changes = await scene.changesOf(async () => {
      for (const call of [
        market('createSession', [params], 1n),
        market('depositPrepaid', [book.usdc, deposit], 1n),
      ]) {
        expect(await scene.refusalOf(renter, call)).toBe('MarketplaceWrongValue(1, 0)')
      }
      const plain = { to: book.marketplace, data: '0x', value: ether } as const
      expect(await scene.refusalOf(renter, plain)).toBe('no reason')
      const notPayable = market('withdraw', [zeroAddress])
      expect(await scene.refusalOf(renter, { ...notPayable, value: 1n })).toBe('no reason')
    })
    expect(changes).toEqual({})
  })
})
