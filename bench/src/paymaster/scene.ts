import { fabstirAccountFactoryAbi } from '@fabstir/contracts/abi'
import type { Address, Hex } from 'viem'
import { encodeFunctionData, getAddress, numberToHex, parseEther } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { fundSponsors } from '../../../devnet/src/fundSponsors.ts'
import { devnetAccounts } from '../../../devnet/src/keys.ts'
import type { Stack } from '../../../test/system/paymasterFixture.ts'
import { deploymentOf, startStack } from '../../../test/system/paymasterFixture.ts'

export const benchEntryPoint = entryPoint08Address

/** Seconds between blocks while requests come: a chain that stands still would be kinder than any real one. */
const blockSeconds = 1

/** Gas of a transaction that deploys an account, and how many of them a block of 30 million has room for. */
const creationGas = 1_000_000
const creationsPerBlock = 25

type NewSender = { address: Address; factory: Address; factoryData: Hex }

export type Scene = Stack & {
  /** Accounts that are deployed. */
  senders: readonly Address[]
}

/** A chain with the contracts, deposits that no run uses up, and accounts that are deployed. */
export async function startScene(senderCount: number): Promise<Scene> {
  const stack = await startStack()
  try {
    await fundSponsors(stack, stack.contracts, parseEther('1000'))
    const senders = await Promise.all(
      Array.from({ length: senderCount }, (_, index) => newSender(stack, index)),
    )
    await deploy(stack, senders)
    await stack.client.setIntervalMining({ interval: blockSeconds })
    return { ...stack, senders: senders.map(({ address }) => address) }
  } catch (error) {
    await stack.anvil.stop()
    throw error
  }
}

/** The account that the factory makes for an owner whose key nobody needs. */
async function newSender({ client, contracts }: Stack, index: number): Promise<NewSender> {
  const owner = getAddress(numberToHex(index + 0x10000, { size: 20 }))
  const factory = deploymentOf(contracts, benchEntryPoint).accountFactory
  const call = { abi: fabstirAccountFactoryAbi, args: [owner, 0n] } as const
  const address: Address = await client.readContract({
    ...call,
    address: factory,
    functionName: 'getAddress',
  })
  const factoryData = encodeFunctionData({ ...call, functionName: 'createAccount' })
  return { address, factory, factoryData }
}

async function deploy(
  { client, walletClient }: Stack,
  senders: readonly NewSender[],
): Promise<void> {
  const { address: from } = devnetAccounts.deployer
  await client.setAutomine(false)
  for (const { factory, factoryData } of senders)
    await walletClient.request({
      // The chain signs for the accounts of its own mnemonic.
      method: 'eth_sendTransaction',
      params: [
        {
          from,
          to: factory,
          data: factoryData,
          gas: numberToHex(creationGas),
        },
      ],
    })
  await client.mine({ blocks: Math.ceil(senders.length / creationsPerBlock) })
  await client.setAutomine(true)
  for (const { address } of senders)
    if (!(await client.getCode({ address }))) throw new Error(`account ${address} was not deployed`)
}
