import * as abis from '@fabstir/contracts/abi'
import {
  type Abi,
  type Address,
  decodeErrorResult,
  encodeDeployData,
  encodeFunctionData,
  getAddress,
  type Hex,
  isHex,
  numberToHex,
  parseAbi,
} from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { hardhatDeployment } from '../../fixtures/hardhatDeployment.ts'
import { compileHostile } from '../../fixtures/hostileContracts.ts'

/** What an attacker sends. */
export type Call = { to: Address; data: Hex; value?: bigint; gas?: bigint }

/** A function call by name; what names and arguments are is checked by the encoder, at the time of the attack. */
export function callOf(
  to: Address,
  abi: Abi,
  functionName: string,
  args: readonly unknown[] = [],
  value = 0n,
): Call {
  return { to, data: encodeFunctionData({ abi, functionName, args }), value }
}

const testMnemonic = 'test test test test test test test test test test test junk'
/** Key of an unlocked account of the chain. */
export const keyOf = (addressIndex: number) => mnemonicToAccount(testMnemonic, { addressIndex })

const walletAbi = parseAbi(['function run(address, uint256, bytes) payable returns (bytes)'])

/** Gas that every transaction brings: enough for any, and no estimate that would fail before it is sent. */
const plenty = 15_000_000n

/**
 * The deployed system, for attacks that are really sent: gas costs nothing, so that every balance can be compared to
 * the wei, and an attacker may be any address.
 * @param mocks Files of `contracts/mocks` with further attackers.
 */
export async function attackChain(mocks: readonly string[] = []) {
  const chain = await hardhatDeployment()
  const { publicClient, testClient } = chain
  const hostile = compileHostile(['HostileReceivers', 'HostileTokens', ...mocks])
  const errors = [...Object.values(abis), ...Object.values(hostile).map(({ abi }) => abi)]
    .flat()
    .filter(({ type }) => type === 'error') as Abi
  await testClient.setNextBlockBaseFeePerGas({ baseFeePerGas: 0n })

  const nobody = chain.wallets.anyone.account.address
  const contractWallets = new Set<Address>()
  const request = (method: string, params: readonly unknown[]) =>
    publicClient.request({ method, params } as never, { retryCount: 0 })

  /** A transaction, or what a contract wallet of the mocks is told to do. Throws a {@link Refusal} when it reverts. */
  async function send(from: Address, call: Call) {
    if (!contractWallets.has(from)) return transact(from, call)
    const { to, data, value = 0n, gas = plenty } = call
    return transact(nobody, { ...callOf(from, walletAbi, 'run', [to, value, data]), gas })
  }

  async function transact(from: Address, { to, data, value = 0n, gas = plenty }: Partial<Call>) {
    await testClient.impersonateAccount({ address: from })
    const transaction = {
      from,
      to,
      data,
      value: numberToHex(value),
      gas: numberToHex(gas),
      gasPrice: '0x0',
    }
    const hash = (await request('eth_sendTransaction', [transaction]).catch((error: unknown) => {
      throw new Refusal(describe(revertDataOf(error), error))
    })) as Hex
    return publicClient.getTransactionReceipt({ hash })
  }

  async function deployCode(data: Hex): Promise<Address> {
    const { contractAddress } = await transact(nobody, { data })
    if (!contractAddress) throw new Error('nothing was deployed')
    return getAddress(contractAddress)
  }

  /** Name and arguments of the error with which the call was refused, like "SessionNotHost(1, 0xAb…)". */
  async function refusalOf(from: Address, call: Call): Promise<string> {
    try {
      await send(from, call)
    } catch (error) {
      if (error instanceof Refusal) return error.message
      throw error
    }
    return 'nothing: it went through'
  }

  function describe(data: Hex | undefined, error: unknown): string {
    if (data === undefined) throw error
    if (data === '0x') return 'no reason'
    const { errorName, args = [] } = decodeErrorResult({ abi: errors, data })
    return `${errorName}(${args.join(', ')})`
  }

  return {
    ...chain,
    hostile,
    send,
    refusalOf,
    read: async <Value>(
      address: Address,
      abi: Abi,
      functionName: string,
      args: readonly unknown[] = [],
    ) => (await publicClient.readContract({ address, abi, functionName, args })) as Value,
    deployCode,
    /** A contract of an attacker. */
    async deployHostile(name: string, args: readonly unknown[] = []): Promise<Address> {
      const { abi, bytecode } = hostile[name] ?? { abi: [], bytecode: '0x' as const }
      const deployed = await deployCode(encodeDeployData({ abi, bytecode, args }))
      if (abi.some((item) => 'name' in item && item.name === 'run')) contractWallets.add(deployed)
      return deployed
    },
    async now(): Promise<bigint> {
      return (await publicClient.getBlock()).timestamp
    },
    /** The next transaction happens at this Unix second. */
    nextAt: (timestamp: bigint) => testClient.setNextBlockTimestamp({ timestamp }),
    async wait(seconds: bigint) {
      const { timestamp } = await publicClient.getBlock()
      await testClient.setNextBlockTimestamp({ timestamp: timestamp + seconds })
      await testClient.mine({ blocks: 1 })
    },
  }
}

export type AttackChain = Awaited<ReturnType<typeof attackChain>>

/** A transaction that reverted; its message is the error of the contract. */
export class Refusal extends Error {
  override name = 'Refusal'
}

/** Hardhat gives the data of a revert itself, or in an object beside its reason. */
function revertDataOf(error: unknown): Hex | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { data } = cause as { data?: unknown }
    if (isHex(data)) return data
    const inner = (data as { data?: unknown } | undefined)?.data
    if (isHex(inner)) return inner
  }
  return undefined
}
