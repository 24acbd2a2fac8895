import { modelRegistryAbi } from '@fabstir/contracts/abi'
import type { AddressBook } from '@fabstir/contracts/addressBook'
import { type ArtifactName, artifactNames, readArtifact } from '@fabstir/contracts/deploy'
import {
  type AbiFunction,
  type Address,
  concatHex,
  getAddress,
  hexToBigInt,
  parseEther,
  parseUnits,
  slice,
  zeroAddress,
} from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { beforeAll, describe, expect, test } from 'vitest'
import { type CodeName, codeParts } from '../../contracts/deploy/artifact.ts'
import { governedParameters } from '../../contracts/deploy/governedParameters.ts'
import { hardhatDeployment } from '../fixtures/hardhatDeployment.ts'
import { roleHolders, rolesOfTimelock } from '../fixtures/roleHolders.ts'

type Chain = Awaited<ReturnType<typeof hardhatDeployment>>

let chain: Chain
beforeAll(async () => {
  chain = await hardhatDeployment()
})

const addressOf = (wallet: { account: { address: Address } }) => getAddress(wallet.account.address)
const codeNames: readonly CodeName[] = [...artifactNames, ...(codeParts.JobMarketplace ?? [])]

/** Views of a contract with this one argument, or none, that answer this type. */
async function viewsOf(name: CodeName, argument: 'address' | undefined, answer: string) {
  const { abi } = await readArtifact(name)
  return abi.filter(
    (item): item is AbiFunction =>
      item.type === 'function' &&
      (item.stateMutability === 'view' || item.stateMutability === 'pure') &&
      item.inputs.length === (argument ? 1 : 0) &&
      item.inputs[0]?.type === argument &&
      item.outputs.length === 1 &&
      item.outputs[0]?.type === answer,
  )
}

const governed = (book: AddressBook) => governedParameters({ addresses: book, usdc: book.usdc })

const read = (address: Address, item: AbiFunction, args: readonly unknown[] = []) =>
  chain.publicClient.readContract({ address, abi: [item], functionName: item.name, args })

describe('deployFabstir', () => {
  test('it sends nothing and returns the same book when it runs again', async () => {
    const { deploy, book, publicClient, wallets } = chain
    const count = () =>
      publicClient.getTransactionCount({ address: wallets.deployer.account.address })
    const before = await count()
    expect(await deploy()).toEqual(book)
    expect(await count()).toBe(before)
  })

  test('it puts the proxies where every build of the sources puts them', () => {
    const { registry, marketplace } = chain.book
    expect({ registry, marketplace }).toMatchInlineSnapshot(`
      {
        "marketplace": "0x9542aCD2a2c8ca913894F84F4c6fc27ACf88A652",
        "registry": "0xFB5b769c10BeB38c9d05568b3cC7091B2E14e629",
      }
    `)
  })

  test('[X-04] it gives every contract that has an owner to the timelock', async () => {
    const { book, deployment } = chain
    const owned: string[] = []
    for (const { name, address, proxy } of deployment.contracts) {
      const { abi } = await readArtifact(name as CodeName)
      if (!abi.some((item) => item.type === 'function' && item.name === 'transferOwnership'))
        continue
      const isPart = !artifactNames.includes(name as ArtifactName)
      if (!isPart) owned.push(name)
      for (const view of await viewsOf(name as CodeName, undefined, 'address')) {
        const owner = view.name === 'owner'
        if (!owner && view.name !== 'pendingOwner') continue
        // Code that proxies run as their own is owned by nobody.
        expect(await read(address, view), name).toBe(owner && !isPart ? book.timelock : zeroAddress)
        if (proxy) expect(await read(proxy.implementation, view), name).toBe(zeroAddress)
      }
    }
    expect(owned.toSorted()).toMatchInlineSnapshot(`
      [
        "Buyback",
        "DynamicPricing",
        "JobMarketplace",
        "ModelRegistry",
        "NodeRegistry",
        "ProofSystem",
        "ReputationSystem",
        "RevenueSplitter",
        "StakersPool",
        "TokenPaymaster",
        "TopUpVault",
      ]
    `)
  })

  test('[X-57] it makes the governor the only proposer, canceller and executor', async () => {
    const { book, deployment, wallets } = chain
    const holders: Record<string, Record<string, Address[]>> = {}
    for (const { name, address } of deployment.contracts) {
      const roles = await roleHolders(chain.publicClient, address)
      if (Object.keys(roles).length !== 0) holders[name] = roles
    }
    expect(holders).toEqual({
      Timelock: rolesOfTimelock(book),
      EmergencyGuardian: {
        DEFAULT_ADMIN_ROLE: [book.timelock],
        EMERGENCY_ROLE: [addressOf(wallets.guardian)],
      },
    })
  })

  test('it leaves the deployer without a role anywhere', async () => {
    const { deployment, wallets } = chain
    const deployer = addressOf(wallets.deployer)
    const asked: string[] = []
    const found: string[] = []
    for (const { name, address } of deployment.contracts) {
      for (const view of await viewsOf(name as CodeName, undefined, 'address')) {
        asked.push(`${name}.${view.name}`)
        if ((await read(address, view)) === deployer) found.push(`${name}.${view.name}`)
      }
      for (const view of await viewsOf(name as CodeName, 'address', 'bool')) {
        asked.push(`${name}.${view.name}`)
        if ((await read(address, view, [deployer])) !== false) found.push(`${name}.${view.name}`)
      }
    }
    expect(found).toEqual([])
    expect(asked).toEqual(
      expect.arrayContaining([
        'JobMarketplace.arbiter',
        'JobMarketplace.guardian',
        'NodeRegistry.migrator',
        'ProofSystem.isResolver',
        'SponsorPaymaster.operator',
        'TopUpVault.isKeeper',
      ]),
    )
  })

  test('it waits two days before anything is executed', async () => {
    const { abi } = await readArtifact('Timelock')
    const { book, publicClient } = chain
    expect(
      await publicClient.readContract({ address: book.timelock, abi, functionName: 'getMinDelay' }),
    ).toBe(172_800n)
  })

  test('it installs the guard with every parameter, each within its bounds', async () => {
    const { book, publicClient } = chain
    const { abi } = await readArtifact('ParameterGuard')
    const timelockAbi = (await readArtifact('Timelock')).abi
    expect(
      await publicClient.readContract({
        address: book.timelock,
        abi: timelockAbi,
        functionName: 'parameterGuard',
      }),
    ).toBe(book.parameterGuard)

    const parameters = governed(book)
    expect(parameters.length).toBeGreaterThan(30)
    for (const { target, selector, key, keyed, values } of parameters) {
      const listed = await publicClient.readContract({
        address: book.parameterGuard,
        abi,
        functionName: 'getParameter',
        args: [target, selector, key],
      })
      expect(listed).toEqual({
        target: getAddress(target),
        selector,
        key: key.toLowerCase(),
        keyed,
        values,
      })
      for (const { name, getter, getterWord, minimum, maximum } of values) {
        const { data = '0x' } = await publicClient.call({
          to: target,
          data: keyed ? concatHex([getter, key]) : getter,
        })
        const current = hexToBigInt(slice(data, 32 * getterWord, 32 * (getterWord + 1)))
        // Until governance names a minimum price, nothing can be offered in a token.
        if (target === book.modelRegistry && current === 0n) continue
        expect(current, name).toBeGreaterThanOrEqual(minimum)
        expect(current, name).toBeLessThanOrEqual(maximum)
      }
    }
  })

  test('it wires the contracts to each other', async () => {
    const { book, deployment, wallets } = chain
    const treasury = addressOf(wallets.treasury)
    const [first] = book.deployments
    if (!first) throw new Error('no deployment')
    const wiring: { [name in ArtifactName]?: Record<string, Address> } = {
      VotesAdapter: { fab: book.fab, staked: book.stakersPool },
      ParameterGuard: { timelock: book.timelock },
      EmergencyGuardian: { timelock: book.timelock },
      FabstirGovernor: {
        timelock: book.timelock,
        token: book.votesAdapter,
        emergencyGuardian: book.emergencyGuardian,
      },
      NodeRegistry: {
        fab: book.fab,
        marketplace: book.marketplace,
        proofSystem: book.proofSystem,
        migrator: zeroAddress,
      },
      ReputationSystem: {
        marketplace: book.marketplace,
        registry: book.registry,
        proofSystem: book.proofSystem,
        migrator: zeroAddress,
      },
      ProofSystem: {
        fab: book.fab,
        marketplace: book.marketplace,
        registry: book.registry,
        reputation: book.reputation,
      },
      JobMarketplace: {
        registry: book.registry,
        treasury,
        stakers: book.stakersPool,
        proofSystem: book.proofSystem,
        reputation: book.reputation,
        arbiter: addressOf(wallets.arbiter),
        guardian: book.emergencyGuardian,
      },
      StakersPool: { fab: book.fab },
      RevenueSplitter: { treasury, stakersPool: book.stakersPool },
      Buyback: { usdc: book.usdc, fab: book.fab, treasury },
      ModelRegistry: { nodeRegistry: book.registry, marketplace: book.marketplace },
      DynamicPricing: { marketplace: book.marketplace },
      FabstirAccountFactory: { accountImplementation: first.accountImplementation },
      FabstirAccount: {
        entryPoint: entryPoint08Address,
        marketplace: book.marketplace,
        registry: book.registry,
      },
      SponsorPaymaster: {
        entryPoint: entryPoint08Address,
        signerA: addressOf(wallets.signerA),
        signerB: addressOf(wallets.signerB),
        operator: addressOf(wallets.operator),
        treasury,
      },
      TokenPaymaster: {
        entryPoint: entryPoint08Address,
        treasury,
        quoteSigner: addressOf(wallets.signerA),
      },
    }
    for (const [name, expected] of Object.entries(wiring)) {
      const address = deployment.contracts.find((one) => one.name === name)?.address ?? zeroAddress
      const views = await viewsOf(name as ArtifactName, undefined, 'address')
      const found: Record<string, unknown> = {}
      for (const view of views) {
        if (view.name in expected) found[view.name] = await read(address, view)
      }
      expect(found, name).toEqual(expected)
    }
  })

  test('hosts can offer models in ETH and USDC at once, above a minimum', async () => {
    const { book, publicClient } = chain
    const minimumOf = (token: Address) =>
      publicClient.readContract({
        address: book.modelRegistry,
        abi: modelRegistryAbi,
        functionName: 'minimumPrices',
        args: [token],
      })
    expect(await minimumOf(zeroAddress)).toEqual([3_300_000_000n, 330_000_000_000n])
    expect(await minimumOf(book.usdc)).toEqual([10n, 1_000n])
  })

  test('it takes ETH and USDC, and the sponsor’s paymaster for the EntryPoint', async () => {
    const { book, publicClient } = chain
    const { abi } = await readArtifact('JobMarketplace')
    const market = (functionName: string, argument: Address) =>
      publicClient.readContract({ address: book.marketplace, abi, functionName, args: [argument] })
    expect(await market('tokenConfig', book.usdc)).toMatchObject({
      accepted: true,
      minDeposit: parseUnits('0.5', 6),
    })
    expect(await market('tokenConfig', zeroAddress)).toMatchObject({
      accepted: true,
      minDeposit: parseEther('0.0001'),
    })
    expect(await market('tokenConfig', book.fab)).toMatchObject({ accepted: false })
    expect(await market('sponsorPaymaster', entryPoint08Address)).toBe(
      book.deployments[0]?.sponsorPaymaster,
    )
  })
})

test('[X-27] every contract fits into the 24,576 bytes of EIP-170', async () => {
  for (const name of codeNames) {
    const { deployedBytecode } = await readArtifact(name)
    expect((deployedBytecode.length - 2) / 2, name).toBeGreaterThan(100)
    expect((deployedBytecode.length - 2) / 2, name).toBeLessThanOrEqual(24_576)
  }
})
