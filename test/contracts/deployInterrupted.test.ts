import type { AddressBook } from '@fabstir/contracts/addressBook'
import { deployFabstir, deterministicDeployer, readArtifact } from '@fabstir/contracts/deploy'
import { type Address, getAddress, isAddressEqual, zeroAddress } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { beforeAll, describe, expect, test } from 'vitest'
import { governedParameters } from '../../contracts/deploy/governedParameters.ts'
import { hardhatDeployment } from '../fixtures/hardhatDeployment.ts'
import { roleHolders, rolesOfTimelock } from '../fixtures/roleHolders.ts'

type Chain = Awaited<ReturnType<typeof hardhatDeployment>>
type Wallet = Chain['wallets']['deployer']

let chain: Chain
beforeAll(async () => {
  chain = await hardhatDeployment()
})

const addressOf = (wallet: { account: { address: Address } }) => getAddress(wallet.account.address)
const governed = (book: AddressBook) => governedParameters({ addresses: book, usdc: book.usdc })

/** How often the guard of a deployment listed something. */
async function parametersListed({ parameterGuard: address }: AddressBook): Promise<number> {
  const { abi } = await readArtifact('ParameterGuard')
  const logs = await chain.publicClient.getContractEvents({
    address,
    abi,
    eventName: 'ParameterListed',
    fromBlock: 0n,
  })
  return logs.length
}

describe('a deployment that is interrupted', () => {
  /** The whole system once more, of another deployer: nothing of it stands yet. */
  const deployAs = (walletClient: Wallet) => {
    const { publicClient, wallets } = chain
    const [treasury, arbiter] = [addressOf(wallets.treasury), addressOf(wallets.arbiter)]
    const signers = [addressOf(wallets.signerA), addressOf(wallets.signerB)] as const
    return deployFabstir({
      publicClient,
      walletClient,
      entryPoints: [{ address: entryPoint08Address, version: '0.8' }],
      treasury,
      fabHolder: treasury,
      guardians: [addressOf(wallets.guardian)],
      arbiter,
      resolvers: [arbiter],
      quoteSigner: signers[0],
      sponsor: { signers, operator: addressOf(wallets.operator), treasury },
    })
  }

  /** Fails when it is asked for one transaction more than `count`, of those that are counted. */
  const dyingAfter = (count: number, wallet: Wallet, isCounted: (to: Address) => boolean) => {
    let left = count
    const sendTransaction: Wallet['sendTransaction'] = async (transaction) => {
      if (isCounted(transaction.to ?? zeroAddress) && left-- === 0) throw new Interrupted()
      return wallet.sendTransaction(transaction)
    }
    return { ...wallet, sendTransaction }
  }

  /** Runs it, killed each time after `count` transactions, until it gets through. */
  async function untilDone(count: number, wallet: Wallet, isCounted: (to: Address) => boolean) {
    for (let runs = 1; runs < 40; runs++) {
      try {
        return { runs, book: await deployAs(dyingAfter(count, wallet, isCounted)) }
      } catch (error) {
        if (!String(error).includes('interrupted')) throw error
      }
    }
    throw new Error('it never gets through')
  }

  /** Transactions that hand over are the only ones that do not go to a deployer of code. */
  const handsOver = (to: Address) => deployments.every((one) => !isAddressEqual(one, to))
  let deployments: readonly Address[]
  beforeAll(() => {
    const found = chain.deployment.contracts.find(({ name }) => name === 'ProxyDeployer')
    deployments = [deterministicDeployer, found?.address ?? zeroAddress]
  })

  test('goes on between any two steps of the handing over', async () => {
    const { book, runs } = await untilDone(1, chain.wallets.renter, handsOver)
    // Three roles, the guard, its parameters, the renouncement.
    expect(runs).toBe(6)
    expect(await roleHolders(chain.publicClient, book.timelock)).toEqual(rolesOfTimelock(book))
    expect(await parametersListed(book)).toBe(governed(book).flatMap(({ values }) => values).length)
    expect(await deployAs(dyingAfter(0, chain.wallets.renter, () => true))).toEqual(book)
  })

  test('goes on between any seven transactions', async () => {
    const { book, runs } = await untilDone(7, chain.wallets.host, () => true)
    expect(runs).toBeGreaterThan(3)
    expect(await roleHolders(chain.publicClient, book.timelock)).toEqual(rolesOfTimelock(book))
    expect(await deployAs(dyingAfter(0, chain.wallets.host, () => true))).toEqual(book)
  })
})

class Interrupted extends Error {
  override name = 'Interrupted'
  constructor() {
    super('interrupted')
  }
}
