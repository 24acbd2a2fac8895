import { fabTokenAbi, nodeRegistryAbi, reputationSystemAbi } from '@fabstir/contracts/abi'
import type { AddressBook, DeployedContract, DeploymentFile } from '@fabstir/contracts/addressBook'
import { deployFabstir, readArtifact, recordContracts } from '@fabstir/contracts/deploy'
import { type Address, getAddress, parseEther, zeroAddress } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { exportHosts, type HostExport } from '../../contracts/operations/migrate/exportHosts.ts'
import { importHosts } from '../../contracts/operations/migrate/importHosts.ts'
import { createFollower } from '../../contracts/operations/monitor/follower.ts'
import { verifyDeployment } from '../../contracts/operations/verify/verifyDeployment.ts'
import { hardhatDeployment } from '../fixtures/hardhatDeployment.ts'

type Chain = Awaited<ReturnType<typeof hardhatDeployment>>
type Wallet = Chain['wallets']['host']

let chain: Chain
let exported: HostExport
const names = ['host', 'renter', 'anyone', 'operator'] as const
const addressOf = (wallet: Wallet) => getAddress(wallet.account.address)
const fab = () => ({ address: chain.book.fab, abi: fabTokenAbi }) as const
const registryOf = (book: AddressBook) =>
  ({ address: book.registry, abi: nodeRegistryAbi }) as const

/** Hosts of the old deployment: two that pay themselves, one with a controller, one that has left. */
beforeAll(async () => {
  chain = await hardhatDeployment()
  const { book, wallets, publicClient, testClient, deployment } = chain
  const old = registryOf(book)
  for (const name of [...names, 'treasury'] as const) {
    const args = [addressOf(wallets[name]), parseEther('1500')] as const
    await wallets.deployer.writeContract({ ...fab(), functionName: 'transfer', args })
    await wallets[name].writeContract({
      ...fab(),
      functionName: 'approve',
      args: [book.registry, parseEther('1500')],
    })
  }
  for (const name of ['host', 'renter', 'anyone'] as const) {
    await wallets[name].writeContract({
      ...old,
      functionName: 'registerNode',
      args: ['gpu:a,region:us'],
    })
  }
  await wallets.host.writeContract({
    ...old,
    functionName: 'stake',
    args: [parseEther('500')],
  })
  await wallets.anyone.writeContract({ ...old, functionName: 'unregisterNode' })
  await wallets.treasury.writeContract({
    ...old,
    functionName: 'registerControlledNode',
    args: ['gpu:b,region:eu', addressOf(wallets.operator)],
  })
  await wallets.operator.writeContract({
    ...old,
    functionName: 'acceptControl',
    args: [addressOf(wallets.treasury)],
  })
  // Governance takes points and stake of one of them; the rest decays for two months.
  await testClient.setBalance({ address: book.timelock, value: parseEther('1') })
  await testClient.impersonateAccount({ address: book.timelock })
  await wallets.deployer.writeContract({
    account: book.timelock,
    address: book.reputation,
    abi: reputationSystemAbi,
    functionName: 'slashReputation',
    args: [addressOf(wallets.renter), 30n, 'told lies'],
  })
  await wallets.deployer.writeContract({
    account: book.timelock,
    ...old,
    functionName: 'slash',
    args: [addressOf(wallets.renter), parseEther('100'), book.timelock, 'told lies'],
  })
  await testClient.increaseTime({ seconds: 65 * 86_400 })
  await testClient.mine({ blocks: 1 })

  const follower = createFollower({
    publicClient,
    addresses: deployment.contracts.map(({ address }) => address),
    startBlock: 0n,
    confirmations: 0,
  })
  await follower.advance()
  exported = exportHosts(follower.state.hosts, Number((await publicClient.getBlock()).timestamp))
})

type Next = { book: AddressBook; deployment: DeploymentFile; helper: Address }

/** A new deployment on the same chain that takes this export: by another account, hence at other addresses. */
async function nextDeployment(
  from: Wallet,
  changes: Partial<HostExport['totals']> = {},
): Promise<Next> {
  const { deployment: old, publicClient } = chain
  const parameters = {
    publicClient,
    walletClient: from,
    entryPoints: old.addressBook.deployments.map((one) => ({
      address: one.entryPoint,
      version: one.entryPointVersion,
    })),
    treasury: addressOf(chain.wallets.treasury),
    fabHolder: addressOf(chain.wallets.deployer),
    guardians: [addressOf(chain.wallets.guardian)],
    arbiter: addressOf(chain.wallets.arbiter),
    resolvers: [addressOf(chain.wallets.arbiter)],
    quoteSigner: addressOf(chain.wallets.signerA),
    sponsor: {
      signers: [addressOf(chain.wallets.signerA), addressOf(chain.wallets.signerB)],
      operator: addressOf(chain.wallets.operator),
      treasury: addressOf(chain.wallets.treasury),
    },
    migration: {
      root: exported.root,
      totals: { ...exported.totals, ...changes },
      closesAt: 4_000_000_000n,
    },
  } as const
  const contracts: DeployedContract[] = []
  const book = await deployFabstir({ ...parameters, onContract: (one) => contracts.push(one) })
  const helper = contracts.find(({ name }) => name === 'MigrationHelper')
  if (!helper) throw new Error('no helper')
  const deployment = {
    addressBook: book,
    deployer: from.account.address,
    governance: book.governor,
    contracts: await recordContracts(publicClient, contracts),
  }
  return { book, deployment, helper: helper.address }
}

const run = (helper: Address, options: { exported?: HostExport; dryRun?: boolean } = {}) =>
  importHosts({
    publicClient: chain.publicClient,
    walletClient: chain.wallets.deployer as never,
    helper,
    exported,
    ...options,
  })
const fabOf = (account: Address) =>
  chain.publicClient.readContract({ ...fab(), functionName: 'balanceOf', args: [account] })
const nodeOf = (book: AddressBook, node: Address) =>
  chain.publicClient.readContract({ ...registryOf(book), functionName: 'getNode', args: [node] })
const scoreOf = (book: AddressBook, host: Address) =>
  chain.publicClient.readContract({
    address: book.reputation,
    abi: reputationSystemAbi,
    functionName: 'getReputation',
    args: [host],
  })
const differences = async ({ deployment }: Next) => {
  const { publicClient } = chain
  const checks = await verifyDeployment({ publicClient, deployment, readArtifact })
  return checks.filter(({ ok }) => !ok).map(({ subject, name }) => `${subject}: ${name}`)
}

test('an export holds every wei that the old registry owes, and the scores of its reputation', async () => {
  const { book, wallets } = chain
  const owed = parseEther('100')
  expect(exported.totals.hosts).toBe(4n)
  // What was slashed is claimed from the old registry, not carried over.
  expect(exported.totals.stake).toBe((await fabOf(book.registry)) - owed)
  for (const name of names) {
    const operator = addressOf(wallets[name])
    const { stake, unbonding } = await nodeOf(book, operator)
    const host = exported.hosts.find((one) => one.operator === operator)
    expect(host?.stake).toBe(stake + unbonding)
    expect(BigInt(host?.score ?? 0)).toBe(await scoreOf(book, operator))
  }
})

describe('importHosts', () => {
  let next: Next
  beforeAll(async () => {
    next = await nextDeployment(chain.wallets.anyone)
  })

  test('a dry run sends nothing, and the deployment verifies while it waits', async () => {
    const count = () =>
      chain.publicClient.getTransactionCount({ address: addressOf(chain.wallets.deployer) })
    const before = await count()
    expect(await run(next.helper, { dryRun: true })).toBe(4)
    expect(await count()).toBe(before)
    expect(await differences(next)).toEqual([])
  })

  test('[X-42] an export that is not the helper’s is refused before anything is sent', async () => {
    const hosts = exported.hosts.map((host) => ({ ...host, stake: host.stake + 1n }))
    await expect(run(next.helper, { exported: { ...exported, hosts } })).rejects.toThrow(
      'root of the file',
    )
    const other = await nextDeployment(chain.wallets.signerB, { stake: 1n })
    await expect(run(other.helper)).rejects.toThrow('stakes: expected 1')
    expect(await fabOf(other.book.registry)).toBe(0n)
  })

  test('[X-42] nobody but the helper imports into the new registry and reputation', async () => {
    const { publicClient, wallets } = chain
    const account = addressOf(wallets.anyone)
    await expect(
      publicClient.simulateContract({
        account,
        ...registryOf(next.book),
        functionName: 'importStake',
        args: [account, zeroAddress, 1n, 'mine'],
      }),
    ).rejects.toThrow('NodeRegistryNotMigrator')
    await expect(
      publicClient.simulateContract({
        account,
        address: next.book.reputation,
        abi: reputationSystemAbi,
        functionName: 'importScores',
        args: [[account], [1_000]],
      }),
    ).rejects.toThrow('ReputationNotMigrator')
  })

  test('stakes arrive with their funds, scores and controllers are kept, sums are equal', async () => {
    const { wallets } = chain
    const before = await fabOf(addressOf(wallets.deployer))
    expect(await run(next.helper)).toBe(4)
    expect(await fabOf(next.book.registry)).toBe(exported.totals.stake)
    expect(await fabOf(addressOf(wallets.deployer))).toBe(before - exported.totals.stake)
    expect(await fabOf(next.helper)).toBe(0n)

    let [stakes, scores] = [0n, 0n]
    for (const name of names) {
      const operator = addressOf(wallets[name])
      const node = await nodeOf(next.book, operator)
      const controller = name === 'operator' ? wallets.treasury : wallets[name]
      expect(node.controller).toBe(addressOf(controller))
      stakes += node.stake
      scores += await scoreOf(next.book, operator)
    }
    expect({ stake: stakes, score: scores, hosts: 4n }).toEqual(exported.totals)
    const { renter } = wallets
    // 100 points, less 30, and less five percent twice.
    expect(await scoreOf(next.book, addressOf(renter))).toBe(62n)
  })

  test('the import is over: closed on both sides, it cannot be used again', async () => {
    const { publicClient } = chain
    const { abi } = await readArtifact('MigrationHelper')
    const read = (functionName: string) =>
      publicClient.readContract({ address: next.helper, abi, functionName })
    expect(await read('closed')).toBe(true)
    expect(await read('migrated')).toEqual(exported.totals)
    const migrator = { functionName: 'migrator' } as const
    expect(await publicClient.readContract({ ...registryOf(next.book), ...migrator })).toBe(
      zeroAddress,
    )
    expect(
      await publicClient.readContract({
        address: next.book.reputation,
        abi: reputationSystemAbi,
        ...migrator,
      }),
    ).toBe(zeroAddress)
    expect(await differences(next)).toEqual([])
    // Repeating it finds everything there.
    expect(await run(next.helper)).toBe(0)
  })

  test('only who paid takes a carried stake out again', async () => {
    const { publicClient, wallets } = chain
    const operator = addressOf(wallets.operator)
    const request = (account: Address) =>
      publicClient.simulateContract({
        account,
        ...registryOf(next.book),
        functionName: 'requestUnstakeControlled',
        args: [operator, 1n],
      })
    await expect(request(operator)).rejects.toThrow('NodeRegistryNotPayer')
    await expect(request(addressOf(wallets.treasury))).resolves.toBeDefined()
  })
})

test('a host that registered by itself meanwhile gets its stake paid out, and keeps its new one', async () => {
  const { wallets } = chain
  const next = await nextDeployment(wallets.signerA)
  const { host } = wallets
  const args = [addressOf(host), parseEther('1000')] as const
  await wallets.deployer.writeContract({ ...fab(), functionName: 'transfer', args })
  await host.writeContract({
    ...fab(),
    functionName: 'approve',
    args: [next.book.registry, parseEther('1000')],
  })
  await host.writeContract({
    ...registryOf(next.book),
    functionName: 'registerNode',
    args: ['gpu:a,region:us'],
  })
  const before = await fabOf(addressOf(host))
  await run(next.helper)
  expect(await fabOf(addressOf(host))).toBe(before + parseEther('1500'))
  expect((await nodeOf(next.book, addressOf(host))).stake).toBe(parseEther('1000'))
  const migrator = await chain.publicClient.readContract({
    ...registryOf(next.book),
    functionName: 'migrator',
  })
  expect(migrator).toBe(zeroAddress)
})
