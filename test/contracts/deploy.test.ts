import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  fabstirAccountFactoryAbi,
  jobMarketplaceAbi,
  nodeRegistryAbi,
  sponsorPaymasterAbi,
} from '@fabstir/contracts/abi'
import { artifactNames } from '@fabstir/contracts/deploy'
import { type Address, getAddress, parseAbi, parseEther, parseUnits, zeroAddress } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { beforeAll, describe, expect, test } from 'vitest'
import { hardhatDeployment } from '../fixtures/hardhatDeployment.ts'

let chain: Awaited<ReturnType<typeof hardhatDeployment>>
beforeAll(async () => {
  chain = await hardhatDeployment()
})

const ownable = parseAbi(['function owner() view returns (address)'])
const accessControl = parseAbi([
  'function hasRole(bytes32, address) view returns (bool)',
  'function DEFAULT_ADMIN_ROLE() view returns (bytes32)',
  'function PROPOSER_ROLE() view returns (bytes32)',
  'function getMinDelay() view returns (uint256)',
])

const defaultDeployment = () => {
  const [deployment] = chain.book.deployments
  if (!deployment) throw new Error('no deployment')
  return deployment
}

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

  test('it gives every contract that has an owner to the timelock', async () => {
    const { book, publicClient } = chain
    for (const address of [book.registry, book.marketplace]) {
      expect(
        await publicClient.readContract({ address, abi: ownable, functionName: 'owner' }),
      ).toBe(book.timelock)
    }
  })

  test('it leaves the deployer without a role in the timelock, which waits two days', async () => {
    const { book, publicClient, wallets } = chain
    const read = (functionName: 'DEFAULT_ADMIN_ROLE' | 'PROPOSER_ROLE') =>
      publicClient.readContract({ address: book.timelock, abi: accessControl, functionName })
    const hasRole = (role: `0x${string}`, account: Address) =>
      publicClient.readContract({
        address: book.timelock,
        abi: accessControl,
        functionName: 'hasRole',
        args: [role, account],
      })
    const [admin, proposer] = [await read('DEFAULT_ADMIN_ROLE'), await read('PROPOSER_ROLE')]
    expect(await hasRole(admin, wallets.deployer.account.address)).toBe(false)
    expect(await hasRole(proposer, wallets.deployer.account.address)).toBe(false)
    expect(await hasRole(proposer, wallets.governance.account.address)).toBe(true)
    expect(
      await publicClient.readContract({
        address: book.timelock,
        abi: accessControl,
        functionName: 'getMinDelay',
      }),
    ).toBe(172_800n)
  })

  test('it wires registry, marketplace, paymaster and factory to each other', async () => {
    const { book, publicClient, wallets } = chain
    const { sponsorPaymaster, accountFactory, accountImplementation } = defaultDeployment()
    const marketplace = { address: book.marketplace, abi: jobMarketplaceAbi } as const
    const [registry, treasury, stakers, paymaster, usdc, eth, unlisted] = await Promise.all([
      publicClient.readContract({ ...marketplace, functionName: 'registry' }),
      publicClient.readContract({ ...marketplace, functionName: 'treasury' }),
      publicClient.readContract({ ...marketplace, functionName: 'stakers' }),
      publicClient.readContract({
        ...marketplace,
        functionName: 'sponsorPaymaster',
        args: [entryPoint08Address],
      }),
      publicClient.readContract({ ...marketplace, functionName: 'tokenConfig', args: [book.usdc] }),
      publicClient.readContract({
        ...marketplace,
        functionName: 'tokenConfig',
        args: [zeroAddress],
      }),
      publicClient.readContract({ ...marketplace, functionName: 'tokenConfig', args: [book.fab] }),
    ])
    expect({ registry, treasury, stakers, paymaster }).toEqual({
      registry: book.registry,
      treasury: addressOf(wallets.treasury),
      stakers: addressOf(wallets.stakers),
      paymaster: sponsorPaymaster,
    })
    expect(usdc).toMatchObject({ accepted: true, minDeposit: parseUnits('0.5', 6) })
    expect(eth).toMatchObject({ accepted: true, minDeposit: parseEther('0.0001') })
    expect(unlisted).toMatchObject({ accepted: false })

    expect(
      await publicClient.readContract({
        address: book.registry,
        abi: nodeRegistryAbi,
        functionName: 'fab',
      }),
    ).toBe(book.fab)
    expect(
      await publicClient.readContract({
        address: accountFactory,
        abi: fabstirAccountFactoryAbi,
        functionName: 'accountImplementation',
      }),
    ).toBe(accountImplementation)
    expect(
      await publicClient.readContract({
        address: sponsorPaymaster,
        abi: sponsorPaymasterAbi,
        functionName: 'signerA',
      }),
    ).toBe(addressOf(wallets.signerA))
  })

  test('[X-04] it leaves no setter open to a stranger, nor to the deployer', async () => {
    const { book, publicClient, wallets } = chain
    const stranger = addressOf(wallets.anyone)
    const setters = [
      ['setTreasury', [stranger]],
      ['setStakers', [stranger]],
      ['setAcceptedToken', [book.fab, true]],
      ['setTokenLimits', [book.usdc, 1n, 2n]],
      ['setSponsorPaymaster', [entryPoint08Address, stranger]],
    ] as const
    for (const account of [stranger, addressOf(wallets.deployer)]) {
      for (const [functionName, args] of setters) {
        await expect(
          publicClient.simulateContract({
            account,
            address: book.marketplace,
            abi: jobMarketplaceAbi,
            functionName,
            args,
          } as Parameters<typeof publicClient.simulateContract>[0]),
          `${functionName} from ${account}`,
        ).rejects.toThrow('OwnableUnauthorizedAccount')
      }
    }
  })
})

test('[X-27] every contract fits into the 24,576 bytes of EIP-170', async () => {
  const root = join(import.meta.dirname, '../../artifacts/contracts')
  const files = (await readdir(root, { recursive: true })).filter((file) =>
    artifactNames.some((name) => file.endsWith(`${name}.sol/${name}.json`)),
  )
  expect(files).toHaveLength(artifactNames.length)
  for (const file of files) {
    const { deployedBytecode } = JSON.parse(await readFile(join(root, file), 'utf8')) as {
      deployedBytecode: string
    }
    expect((deployedBytecode.length - 2) / 2, file).toBeLessThanOrEqual(24_576)
  }
})

const addressOf = (wallet: { account: { address: Address } }) => getAddress(wallet.account.address)
