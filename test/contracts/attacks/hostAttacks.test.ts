import { jobMarketplaceAbi, nodeRegistryAbi } from '@fabstir/contracts/abi'
import { type Address, parseEther, zeroAddress, zeroHash } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { gasAccounts } from '../gas/gasAccount.ts'
import { callOf } from './attackChain.ts'
import { type AttackScene, attackScene, day, ethPrice, mode, status } from './scene.ts'

let scene: AttackScene
beforeAll(async () => {
  scene = await attackScene({ mocks: ['Crowd'] })
})
beforeEach(() => scene.reset())

const fab1000 = parseEther('1000')
const unbonding = 7n * day
const checkpoint = async (id: bigint, tokens: bigint) =>
  scene.market('submitCheckpoint', [id, tokens, zeroHash, await scene.sign(id, tokens)])
const isActive = (node: Address) =>
  scene.read<boolean>(scene.book.registry, nodeRegistryAbi, 'isActiveNode', [node])

describe('[X-21] a host that leaves', () => {
  const leavings = {
    unregisterNode: () => scene.registry('unregisterNode'),
    requestUnstake: () => scene.registry('requestUnstake', [fab1000]),
  }

  test.each(Object.keys(leavings) as (keyof typeof leavings)[])(
    'by %s keeps its stake in until its sessions are over',
    async (leaving) => {
      const { host, renter, registry, market } = scene
      const id = await scene.open({ maxDuration: 30n * day })
      await scene.send(host, await checkpoint(id, 5_000n))
      expect(await scene.changesOf(() => scene.send(host, leavings[leaving]()))).toEqual({
        'stake of host': -fab1000,
        'unbonding of host': fab1000,
      })
      const endsAt = (await scene.now()) + unbonding
      const withdraw = registry('withdrawUnstaked')
      const refused = await scene.changesOf(async () => {
        expect(await isActive(host)).toBe(false)
        expect(await scene.refusalOf(renter, scene.createCall())).toBe(
          `MarketplaceHostNotActive(${host})`,
        )
        await scene.wait(2n * unbonding)
        expect(await scene.refusalOf(host, withdraw)).toBe('NodeRegistryObligationsOpen(1)')
      })
      expect(refused).toEqual({})
      expect(endsAt).toBeLessThan(await scene.now())

      await scene.send(host, market('settleSession', [id]))
      expect(await scene.changesOf(() => scene.send(host, withdraw))).toEqual({
        'FAB in the registry': -fab1000,
        'FAB of host': fab1000,
        'unbonding of host': -fab1000,
      })
    },
  )

  test('waits for the whole period, and can be slashed in it', async () => {
    const { host, stranger, registry, book } = scene
    await scene.send(host, registry('unregisterNode'))
    const endsAt = (await scene.now()) + unbonding
    const withdraw = registry('withdrawUnstaked')
    await scene.nextAt(endsAt - 1n)
    expect(await scene.refusalOf(host, withdraw)).toBe(`NodeRegistryStillUnbonding(${endsAt})`)
    await scene.send(book.timelock, registry('slash', [host, parseEther('10'), stranger, 'late']))
    expect(await scene.changesOf(() => scene.send(host, withdraw))).toMatchObject({
      'FAB of host': fab1000 - parseEther('10'),
    })
  })

  test('can come back', async () => {
    const { host, registry } = scene
    await scene.send(host, registry('unregisterNode'))
    await scene.wait(unbonding)
    await scene.send(host, registry('withdrawUnstaked'))
    expect(await isActive(host)).toBe(false)
    const back = () => scene.send(host, registry('registerNode', ['gpu:rtx4090']))
    expect(await scene.changesOf(back)).toEqual({
      'FAB in the registry': fab1000,
      'FAB of host': -fab1000,
      'stake of host': fab1000,
    })
    expect(await isActive(host)).toBe(true)
    const id = await scene.open()
    expect(await scene.details(id)).toMatchObject({ status: status.active })
  })
})

describe('[X-24] beyond a thousand', () => {
  const crowd = async () => {
    const contract = await scene.deployHostile('Crowd')
    const { abi } = scene.hostile.Crowd ?? { abi: [] }
    return {
      contract,
      repeat: (name: string, args: readonly unknown[]) =>
        scene.send(scene.stranger, callOf(contract, abi, name, args)),
      recruit: (index: bigint) => scene.read<Address>(contract, abi, 'recruits', [index]),
    }
  }

  test('the 1,001st host is listed, and takes sessions', async () => {
    const { contract, repeat, recruit } = await crowd()
    const { fab, registry } = scene.book
    const deployer = scene.people.get('deployer') ?? zeroAddress
    await scene.send(deployer, scene.fab('transfer', [contract, 1_000n * fab1000]))
    for (let i = 0; i < 25; i++) await repeat('recruit', [fab, registry, 40n])

    const last = await recruit(999n)
    const listed: Address[] = []
    for (let offset = 0n; ; offset += 250n) {
      const page = await scene.read<Address[]>(registry, nodeRegistryAbi, 'getActiveNodes', [
        offset,
        250n,
      ])
      if (page.length === 0) break
      listed.push(...page)
    }
    expect(listed).toHaveLength(1_001)
    expect(new Set(listed).size).toBe(1_001)
    expect(listed).toContain(last)
    expect(listed).toContain(scene.host)
    const id = await scene.open({ host: last })
    expect(await scene.details(id)).toMatchObject({ host: last, status: status.active })
  })

  test('the 1,001st session of a host is listed, page by page', async () => {
    const { contract, repeat } = await crowd()
    const deposit = parseEther('0.001')
    const terms = { deposit, pricePer1000: ethPrice / 100n }
    await scene.testClient.setBalance({ address: contract, value: parseEther('2') })
    const { to, data } = scene.createCall(terms)
    for (let i = 0; i < 10; i++) await repeat('repeat', [to, deposit, data, 100n])
    const id = await scene.open(terms)
    expect(id).toBe(1_002n)

    const found: bigint[] = []
    let from = 0n
    do {
      const [ids, next] = await scene.read<readonly [readonly bigint[], bigint]>(
        scene.book.marketplace,
        jobMarketplaceAbi,
        'getActiveSessionsForHost',
        [scene.host, from, 200n],
      )
      found.push(...ids)
      from = next
    } while (from !== 0n)
    expect(found).toEqual(Array.from({ length: 1_002 }, (_, i) => BigInt(i + 1)))
    await scene.send(scene.host, await checkpoint(id, 100n))
    const settle = () => scene.send(scene.host, scene.market('settleSession', [id]))
    await settle()
    expect(await scene.details(id)).toMatchObject({ status: status.settled, provenTokens: 100n })
  })
})

describe('[X-26] a host that is a smart account', () => {
  async function smartHost() {
    const accounts = gasAccounts(scene)
    const account = await accounts.create('host')
    scene.people.set('smart host', account.address)
    const deployer = scene.people.get('deployer') ?? zeroAddress
    await scene.send(deployer, scene.fab('transfer', [account.address, fab1000]))
    /** One operation through the real EntryPoint. */
    const run = async (...calls: Parameters<typeof accounts.operation>[1]) =>
      accounts.include(await accounts.operation(account, calls, { signer: 'owner', payer: 'self' }))
    const { book, fab, registry } = scene
    await run(fab('approve', [book.registry, fab1000]), registry('registerNode', ['gpu:rtx4090']))
    return { account, run }
  }

  test('proves and is paid as the account that calls, not by a key', async () => {
    const { account, run } = await smartHost()
    const { market, stranger } = scene
    const id = await scene.open({ host: account.address })
    await run(await checkpoint(id, 1_000n))
    expect(await scene.details(id)).toMatchObject({ provenTokens: 1_000n })

    const voucher = [id, 5_000n, zeroHash, await scene.sign(id, 5_000n)]
    const last = market('settleSessionWithVoucher', voucher)
    expect(await scene.refusalOf(stranger, last)).toBe(`SessionNotHost(${id}, ${stranger})`)
    const { address: owner } = account.owner
    expect(await scene.refusalOf(owner, last)).toBe(`SessionNotHost(${id}, ${owner})`)
    const changes = await scene.changesOf(() => run(last))
    expect(changes).toMatchObject({
      'ETH owed to smart host': parseEther('0.425'),
      'ETH owed to renter': parseEther('0.5'),
      'ETH fees for the treasury': parseEther('0.05'),
      'ETH fees for the stakers': parseEther('0.025'),
    })
    expect(changes['ETH in the marketplace']).toBeUndefined()
    expect(await scene.changesOf(() => run(market('withdraw', [zeroAddress])))).toMatchObject({
      'ETH in the marketplace': -parseEther('0.425'),
    })
  })

  test('attests work by its call alone', async () => {
    const { account, run } = await smartHost()
    await scene.govern(scene.market('setMaxPending', [zeroAddress, parseEther('1')]))
    const id = await scene.open({ host: account.address, proofMode: mode.attested })
    await run(scene.market('submitProofOfWork', [id, scene.proofOf('0x'), 5_000n]))
    await scene.wait(day)
    const settle = scene.market('settleSession', [id])
    expect(await scene.changesOf(() => run(settle))).toMatchObject({
      'ETH owed to smart host': parseEther('0.425'),
      'ETH owed to renter': parseEther('0.5'),
    })
  })
})
