import {
  emergencyGuardianAbi,
  jobMarketplaceAbi,
  nodeRegistryAbi,
  timelockAbi,
} from '@fabstir/contracts/abi'
import {
  getAddress,
  maxUint256,
  parseEther,
  size,
  toFunctionSelector,
  zeroAddress,
  zeroHash,
} from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callOf } from './attackChain.ts'
import { type AttackScene, attackScene, day, status } from './scene.ts'

let scene: AttackScene
beforeAll(async () => {
  scene = await attackScene()
})
beforeEach(() => scene.reset())

const governor = () => scene.book.governor

describe('[X-19] a pause stops new work and nothing else', () => {
  test('host and renter both go on, to the last wei', async () => {
    const { market, host, renter, stranger, book, wallets } = scene
    const [first, second] = [await scene.open(), await scene.open()]
    const pause = callOf(book.emergencyGuardian, emergencyGuardianAbi, 'executeEmergencyAction', [
      'pause',
      book.marketplace,
    ])
    expect(await scene.refusalOf(stranger, pause)).toMatch('AccessControlUnauthorizedAccount')
    await scene.send(getAddress(wallets.guardian.account.address), pause)
    const until = (await scene.now()) + 3n * day
    const selector = toFunctionSelector(
      'createSession((address,address,uint256,uint256,uint256,uint256,address,bytes32,uint8))',
    )
    expect(await scene.refusalOf(renter, scene.createCall())).toMatch(
      new RegExp(`^BreakerPaused\\(${selector}, 3, ${until}\\)$`),
    )

    const changes = await scene.changesOf(async () => {
      for (const [id, tokens] of [
        [first, 1_000n],
        [second, 2_000n],
      ] as const) {
        const proof = scene.proofOf(await scene.sign(id, tokens))
        await scene.send(host, market('submitProofOfWork', [id, proof, tokens]))
        await scene.send(renter, market('completeSessionJob', [id]))
      }
      const voucher = [first, 4_000n, zeroHash, await scene.sign(first, 4_000n)]
      await scene.send(host, market('submitCheckpoint', voucher))
      await scene.send(host, market('settleSession', [first]))
      await scene.wait(3_600n)
      await scene.send(stranger, market('finalizeSession', [second]))
      for (const from of [host, renter]) await scene.send(from, market('withdraw', [zeroAddress]))
      await scene.send(stranger, market('distributeFees', [zeroAddress]))
    })
    expect(changes).toEqual({
      'ETH in the marketplace': -parseEther('2'),
      'ETH that the marketplace owes': -parseEther('2'),
      'ETH of host': parseEther('0.51'),
      'ETH of renter': parseEther('1.4'),
      'ETH of treasury': parseEther('0.06'),
      'ETH in the pool of stakers': parseEther('0.03'),
    })
    expect(await scene.details(second)).toMatchObject({ status: status.settled })
  })
})

describe('[X-22] nobody takes all stakes', () => {
  test('no function withdraws what another staked, for the owner neither', async () => {
    const names = nodeRegistryAbi.flatMap((item) => (item.type === 'function' ? [item.name] : []))
    const paying = names.filter((name) => /withdraw|rescue|sweep|drain|emergency/i.test(name))
    expect(paying).toEqual(['withdrawControlled', 'withdrawUnstaked'])
    const before = await scene.changesOf(async () => {
      for (const from of [
        scene.book.timelock,
        ...scene.outsiders().filter((one) => one !== scene.host),
      ]) {
        expect(await scene.refusalOf(from, scene.registry('withdrawUnstaked'))).not.toMatch(
          'nothing:',
        )
      }
    })
    expect(before).toEqual({})
  })

  test('a slash by governance takes half at most, once a day, and leaves 100 FAB', async () => {
    const { host, stranger, book, registry } = scene
    const slash = registry('slash', [host, maxUint256, stranger, 'all of it'])
    for (const from of scene.outsiders()) {
      expect(await scene.refusalOf(from, slash)).toBe(`NodeRegistryNotSlasher(${from})`)
    }
    const half = { 'stake of host': -parseEther('500') }
    expect(await scene.changesOf(() => scene.send(book.timelock, slash))).toEqual(half)
    expect(await scene.changesOf(() => scene.send(book.timelock, slash))).toEqual({})
    for (let i = 0; i < 10; i++) {
      await scene.wait(day)
      await scene.send(book.timelock, slash)
    }
    const node = await scene.read<{ stake: bigint }>(book.registry, nodeRegistryAbi, 'getNode', [
      host,
    ])
    expect(node.stake).toBe(parseEther('100'))
    const claim = () => scene.send(stranger, registry('claimSlashed'))
    expect(await scene.changesOf(claim)).toEqual({
      'FAB of stranger': parseEther('900'),
      'FAB in the registry': -parseEther('900'),
    })
  })
})

describe('[X-25] governance is bound', () => {
  test('fees above 30 % are refused, and a raise reaches no open session', async () => {
    const { book, market } = scene
    const id = await scene.open()
    for (const [protocol, stakers, total] of [
      [2_001n, 1_000n, 3_001n],
      [10_000n, 0n, 10_000n],
      [0n, 3_001n, 3_001n],
      [maxUint256, maxUint256, maxUint256],
    ] as const) {
      expect(await scene.refusalOf(book.timelock, market('setFees', [protocol, stakers]))).toBe(
        `MarketplaceFeesTooHigh(${total}, 3000)`,
      )
    }
    await scene.govern(market('setFees', [2_000n, 1_000n]))
    const voucher = [id, 5_000n, zeroHash, await scene.sign(id, 5_000n)]
    const settle = market('settleSessionWithVoucher', voucher)
    expect(await scene.changesOf(() => scene.send(scene.host, settle))).toMatchObject({
      'ETH owed to host': parseEther('0.425'),
    })
  })

  test('only the timelock upgrades, two days after it was asked to', async () => {
    const proxies = scene.deployment.contracts.filter(({ proxy }) => proxy !== undefined)
    expect(proxies.length).toBeGreaterThanOrEqual(9)
    for (const { name, address, proxy } of proxies) {
      const upgrade = callOf(address, jobMarketplaceAbi, 'upgradeToAndCall', [
        proxy?.implementation,
        '0x',
      ])
      expect(await scene.read(address, jobMarketplaceAbi, 'owner'), name).toBe(scene.book.timelock)
      for (const from of scene.outsiders()) {
        const refusal = await scene.refusalOf(from, upgrade)
        expect(refusal, name).toBe(`OwnableUnauthorizedAccount(${from})`)
      }
    }
    const { timelock, marketplace, stakersPool } = scene.book
    const { proxy } = proxies.find(({ name }) => name === 'JobMarketplace') ?? {}
    const { data } = callOf(marketplace, jobMarketplaceAbi, 'upgradeToAndCall', [
      proxy?.implementation,
      '0x',
    ])
    const operation = [marketplace, 0n, data, zeroHash, zeroHash] as const
    const schedule = (delay: bigint) =>
      callOf(timelock, timelockAbi, 'schedule', [...operation, delay])
    const execute = callOf(timelock, timelockAbi, 'execute', operation)
    for (const from of scene.outsiders().filter((one) => one !== governor())) {
      for (const call of [schedule(2n * day), execute]) {
        expect(await scene.refusalOf(from, call)).toMatch(
          new RegExp(`^AccessControlUnauthorizedAccount\\(${from}, 0x`),
        )
      }
    }
    expect(stakersPool).not.toBe(zeroAddress)
    expect(await scene.refusalOf(governor(), schedule(2n * day - 1n))).toBe(
      'TimelockInsufficientDelay(172799, 172800)',
    )
    expect(await scene.refusalOf(governor(), execute)).toMatch('TimelockUnexpectedOperationState')
    await scene.send(governor(), schedule(2n * day))
    const readyAt = (await scene.now()) + 2n * day
    await scene.nextAt(readyAt - 1n)
    expect(await scene.refusalOf(governor(), execute)).toMatch('TimelockUnexpectedOperationState')
    await scene.nextAt(readyAt)
    expect(await scene.changesOf(() => scene.send(governor(), execute))).toEqual({})
  })

  test('the treasury neither pauses nor changes who checks proofs', async () => {
    const treasury = scene.people.get('treasury') ?? zeroAddress
    const { market } = scene
    expect(await scene.refusalOf(treasury, market('emergencyPause', ['mine']))).toBe(
      `BreakerNotGuardian(${treasury})`,
    )
    expect(await scene.refusalOf(treasury, market('setCircuitBreakerLevel', [3]))).toBe(
      `BreakerNotGuardian(${treasury})`,
    )
    expect(await scene.refusalOf(treasury, market('setProofSystem', [treasury]))).toBe(
      `OwnableUnauthorizedAccount(${treasury})`,
    )
  })
})

test('[X-27] every deployed contract is smaller than 24,576 bytes, implementations and parts included', async () => {
  const addresses = scene.deployment.contracts.flatMap(({ label, address, proxy }) => [
    [label, address] as const,
    ...(proxy ? [[`${label}'s code`, proxy.implementation] as const] : []),
  ])
  for (const { accountImplementation } of scene.book.deployments) {
    addresses.push(['accounts', accountImplementation])
  }
  const tooLarge: string[] = []
  for (const [name, address] of addresses) {
    const code = (await scene.publicClient.getCode({ address })) ?? '0x'
    expect(size(code), name).toBeGreaterThan(0)
    if (size(code) >= 24_576) tooLarge.push(`${name}: ${size(code)}`)
  }
  expect(tooLarge).toEqual([])
  expect(addresses.length).toBeGreaterThanOrEqual(30)
})
