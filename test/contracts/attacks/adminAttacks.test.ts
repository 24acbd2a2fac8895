import * as abis from '@fabstir/contracts/abi'
import { type ArtifactName, readArtifact } from '@fabstir/contracts/deploy'
import {
  type Abi,
  type AbiFunction,
  type Address,
  encodeFunctionData,
  getAddress,
  keccak256,
  parseEther,
  stringToHex,
  toFunctionSelector,
  zeroAddress,
  zeroHash,
} from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sampleArgument } from '../../fixtures/sampleArguments.ts'
import { callOf } from './attackChain.ts'
import { type AttackScene, attackScene, status } from './scene.ts'

let scene: AttackScene
beforeAll(async () => {
  scene = await attackScene()
})
beforeEach(() => scene.reset())

const { jobMarketplaceAbi, proxyDeployerAbi } = abis

/** Every contract of the deployment that has an ABI, with what may change something. */
async function targets(): Promise<{ name: string; address: Address; functions: AbiFunction[] }[]> {
  const known = scene.deployment.contracts.filter(({ name }) => name in artifactOf)
  return Promise.all(
    known.map(async ({ name, address }) => {
      const { abi } = await readArtifact(name as ArtifactName)
      const functions = abi.filter(
        (item): item is AbiFunction =>
          item.type === 'function' && !['view', 'pure'].includes(item.stateMutability),
      )
      return { name, address, functions }
    }),
  )
}
const artifactOf: Record<string, Abi> = Object.fromEntries(
  Object.entries(abis).map(([name, abi]) => {
    const contract = name.slice(0, -'Abi'.length)
    return [`${contract.charAt(0).toUpperCase()}${contract.slice(1)}`, abi as Abi]
  }),
)

/** Whether the caller was refused for what it is, and not for what it sent. */
const isAboutCaller = (refusal: string, caller: Address) =>
  refusal.includes(caller) || refusal === 'InvalidInitialization()'

/** What an account sets for itself. */
const ownSettings = new Set([
  'setDefaultCoSigner',
  'setCoSigner',
  'setAccepting',
  'setModels',
  'setPrice',
  'setMaxSessions',
  'listModel',
  'removeOffer',
  'renounceRole',
])

/** Who has a business there besides the timelock: its call goes on to what the sample arguments name. */
const entitled = (): Record<string, Address> => {
  const treasury = getAddress(scene.wallets.treasury.account.address)
  return {
    'EmergencyGuardian.setCircuitBreakerLevel': getAddress(scene.wallets.guardian.account.address),
    // The stake in the EntryPoint is the treasury's own.
    'TokenPaymaster.addStake': treasury,
    'TokenPaymaster.unlockStake': treasury,
    'TokenPaymaster.withdrawStake': treasury,
  }
}

/** Everything that governance has set, as far as it can be read without arguments. */
async function settings(): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  for (const { name, address } of await targets()) {
    const { abi } = await readArtifact(name as ArtifactName)
    for (const item of abi) {
      if (item.type !== 'function' || item.stateMutability !== 'view' || item.inputs.length > 0)
        continue
      if (item.name === 'clock') continue
      found[`${name}.${item.name}`] = await scene
        .read(address, abi, item.name)
        .catch(() => 'unreadable')
    }
  }
  return found
}

describe('[X-04] outsiders set nothing and take nothing', () => {
  test('every setter of every contract refuses everybody but the timelock', async () => {
    const before = await settings()
    const passed: string[] = []
    let tried = 0
    const changes = await scene.changesOf(async () => {
      for (const { name, address, functions } of await targets()) {
        if (['FabstirAccount', 'Subscriptions'].includes(name)) continue
        const setters = functions.filter((item) =>
          /^(set[A-Z]|add|remove|register[A-Z].*Circuit|registerCircuit|list|renounce|transferOwn|upgrade|initialize|sweep|grantRole|revokeRole|updateDelay|unlockStake|withdrawStake|slash|import|closeImport)/.test(
            item.name,
          ),
        )
        for (const item of setters.filter((one) => !ownSettings.has(one.name))) {
          for (const from of scene.outsiders()) {
            if (entitled()[`${name}.${item.name}`] === from) continue
            tried += 1
            const args = item.inputs.map(sampleArgument)
            const data = encodeFunctionData({ abi: [item], functionName: item.name, args })
            const refusal = await scene.refusalOf(from, { to: address, data })
            if (!isAboutCaller(refusal, from))
              passed.push(`${name}.${item.name} by ${from}: ${refusal}`)
          }
        }
      }
    })
    expect(passed).toEqual([])
    expect(tried).toBeGreaterThan(400)
    expect(changes).toEqual({})
    expect(await settings()).toEqual(before)
  })

  test('no function of any contract moves anything of anybody else for a stranger', async () => {
    let tried = 0
    const changes = await scene.changesOf(async () => {
      for (const { name, address, functions } of await targets()) {
        for (const item of functions) {
          if (name === 'TestUsdc' && item.name === 'mint') continue
          tried += 1
          // Numbers are 1, which is the id of the victim's session.
          const args = item.inputs.map(sampleArgument)
          const data = encodeFunctionData({ abi: [item], functionName: item.name, args })
          await scene.refusalOf(scene.stranger, { to: address, data })
        }
      }
    })
    expect(tried).toBeGreaterThan(200)
    const others = Object.keys(changes).filter((name) => !name.endsWith('stranger'))
    expect(others).toEqual([])
    expect(await scene.details(scene.victimsSession)).toMatchObject({ status: status.active })
  })

  test('the two cheap transactions that emptied the predecessor', async () => {
    const { stranger, market, book } = scene
    const withdrawals = ['emergencyWithdraw(address)', 'emergencyWithdraw()', 'withdrawAllFunds()']
    const setters = [
      market('setTreasury', [stranger]),
      market('setProofSystem', [stranger]),
      market('setReputation', [stranger]),
      market('setArbiter', [stranger]),
      market('setGuardian', [stranger]),
      market('setStakers', [stranger]),
      market('setAcceptedToken', [book.usdc, false]),
      market('sweepSurplus', [zeroAddress, stranger]),
    ]
    const changes = await scene.changesOf(async () => {
      for (const from of scene.outsiders()) {
        for (const call of setters) {
          expect(await scene.refusalOf(from, call)).toBe(`OwnableUnauthorizedAccount(${from})`)
        }
      }
      for (const from of [...scene.outsiders(), book.timelock]) {
        for (const signature of withdrawals) {
          const data = `${toFunctionSelector(signature)}${zeroHash.slice(2)}` as const
          const refusal = await scene.refusalOf(from, { to: book.marketplace, data })
          expect(refusal, signature).toBe('no reason')
        }
      }
    })
    expect(changes).toEqual({})
  })

  test('governance itself sweeps what nobody is owed, and not one unit more', async () => {
    const { book, stranger, market, fab } = scene
    const changes = await scene.changesOf(async () => {
      for (const token of [zeroAddress, book.usdc]) {
        expect(
          await scene.refusalOf(book.timelock, market('sweepSurplus', [token, stranger])),
        ).toBe(`EscrowNoSurplus(${token})`)
      }
    })
    expect(changes).toEqual({})
    const donate = { ...fab('transfer', [book.marketplace, 7n]), to: book.usdc }
    await scene.send(stranger, donate)
    const sweep = () =>
      scene.govern(market('sweepSurplus', [book.usdc, scene.people.get('treasury')]))
    expect(await scene.changesOf(sweep)).toEqual({
      'USDC in the marketplace': -7n,
      'USDC of treasury': 7n,
    })
  })

  test('the parts of the marketplace’s code can be given nothing behind its back', async () => {
    const parts = scene.deployment.contracts.flatMap(({ name, address, proxy }) =>
      /^JobMarketplace/.test(name) ? [proxy?.implementation ?? address] : [],
    )
    expect(parts).toHaveLength(4)
    const { proxy } = scene.deployment.contracts.find(({ name }) => name === 'JobMarketplace') ?? {}
    const initialize = callOf(
      scene.book.marketplace,
      jobMarketplaceAbi,
      'initialize',
      proxy?.initializerArgs,
    )
    for (const to of [scene.book.marketplace, ...parts]) {
      const refusal = await scene.refusalOf(scene.stranger, { ...initialize, to })
      expect(refusal).toMatch(/^InvalidInitialization\(\)$|^no reason$/)
    }
    for (const to of parts) {
      const deposit = scene.market('depositPrepaid', [zeroAddress, 1n], 1n)
      expect(await scene.refusalOf(scene.stranger, { ...deposit, to })).toMatch(
        /^MarketplaceTokenNotAccepted\(0x0+\)$|^no reason$/,
      )
    }
  })
})

describe('[X-14] there is always a treasury', () => {
  test.each(['treasury', 'stakers'])('no marketplace starts without %s', async (missing) => {
    const { proxy } = scene.deployment.contracts.find(({ name }) => name === 'JobMarketplace') ?? {}
    const [owner, neighbours, ...rest] = proxy?.initializerArgs ?? []
    const without = { ...(neighbours as object), [missing]: zeroAddress }
    const initData = encodeFunctionData({
      abi: jobMarketplaceAbi as Abi,
      functionName: 'initialize',
      args: [owner, without, ...rest],
    })
    const deployer = scene.deployment.contracts.find(({ name }) => name === 'ProxyDeployer')
    const deploy = callOf(deployer?.address ?? zeroAddress, proxyDeployerAbi, 'deploy', [
      keccak256(stringToHex('another marketplace')),
      proxy?.implementation,
      initData,
    ])
    expect(await scene.refusalOf(scene.stranger, deploy)).toBe('MarketplaceZeroAddress()')
  })

  test('governance cannot unset it, and fees reach it', async () => {
    const { book, market, stranger } = scene
    for (const name of ['setTreasury', 'setStakers']) {
      const unset = market(name, [zeroAddress])
      expect(await scene.refusalOf(book.timelock, unset)).toBe('MarketplaceZeroAddress()')
    }
    const id = await scene.open()
    const voucher = [id, 5_000n, zeroHash, await scene.sign(id, 5_000n)]
    await scene.send(scene.host, market('settleSessionWithVoucher', voucher))
    const pay = () => scene.send(stranger, market('distributeFees', [zeroAddress]))
    expect(await scene.changesOf(pay)).toEqual({
      'ETH in the marketplace': -parseEther('0.075'),
      'ETH that the marketplace owes': -parseEther('0.075'),
      'ETH fees for the treasury': -parseEther('0.05'),
      'ETH fees for the stakers': -parseEther('0.025'),
      'ETH of treasury': parseEther('0.05'),
      'ETH in the pool of stakers': parseEther('0.025'),
    })
  })
})
