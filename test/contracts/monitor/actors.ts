import {
  emergencyGuardianAbi,
  fabTokenAbi,
  jobMarketplaceAbi,
  nodeRegistryAbi,
  proofSystemAbi,
  reputationSystemAbi,
  testUsdcAbi,
} from '@fabstir/contracts/abi'
import {
  type Abi,
  type Address,
  encodeFunctionData,
  type Hex,
  parseEther,
  parseUnits,
  zeroHash,
} from 'viem'
import { expect } from 'vitest'
import type { hardhatDeployment } from '../../fixtures/hardhatDeployment.ts'

export type Chain = Awaited<ReturnType<typeof hardhatDeployment>>
export type Wallet = Chain['wallets']['host']

export const marketAbi = jobMarketplaceAbi

/** Hosts and renters with funds, and the calls that they and governance send. */
export async function createActors({ book, publicClient, testClient, wallets }: Chain) {
  const hosts: readonly Wallet[] = [wallets.host, wallets.anyone]
  const renters: readonly Wallet[] = [wallets.renter, wallets.operator]
  const accepted = new Map<string, number>()
  const counts = { refused: 0 }

  /** Sends what the chain takes; answers whether it did. */
  const send = async (name: string, from: Wallet | Address, to: Address, data: Hex, value = 0n) => {
    const account = typeof from === 'string' ? from : from.account
    try {
      await publicClient.call({ account, to, data, value })
    } catch {
      counts.refused += 1
      return false
    }
    const wallet = typeof from === 'string' ? wallets.anyone : from
    const hash = await wallet.sendTransaction({ account, to, data, value })
    expect((await publicClient.waitForTransactionReceipt({ hash })).status).toBe('success')
    accepted.set(name, (accepted.get(name) ?? 0) + 1)
    return true
  }
  const caller =
    (to: Address, abi: Abi) =>
    (name: string, from: Wallet | Address, args: readonly unknown[] = [], value = 0n) =>
      send(name, from, to, encodeFunctionData({ abi, functionName: name, args }), value)

  const sign = (from: Wallet, message: { jobId: bigint; cumulativeTokens: bigint }) =>
    from.signTypedData({
      domain: domainOf(book),
      types: {
        Checkpoint: [
          { name: 'jobId', type: 'uint256' },
          { name: 'cumulativeTokens', type: 'uint256' },
          { name: 'transcriptHash', type: 'bytes32' },
        ],
      },
      primaryType: 'Checkpoint',
      message: { ...message, transcriptHash: zeroHash },
    })
  const signFinal = (from: Wallet, message: { jobId: bigint; cumulativeTokens: bigint }) =>
    from.signTypedData({
      domain: domainOf(book),
      types: {
        Final: [
          { name: 'jobId', type: 'uint256' },
          { name: 'cumulativeTokens', type: 'uint256' },
        ],
      },
      primaryType: 'Final',
      message,
    })

  const actors = {
    hosts,
    renters,
    accepted,
    counts,
    market: caller(book.marketplace, jobMarketplaceAbi),
    registry: caller(book.registry, nodeRegistryAbi),
    reputation: caller(book.reputation, reputationSystemAbi),
    proofSystem: caller(book.proofSystem, proofSystemAbi),
    guardian: caller(book.emergencyGuardian, emergencyGuardianAbi),
    sign,
    signFinal,
    async pass(seconds: number) {
      await testClient.increaseTime({ seconds })
      await testClient.mine({ blocks: 1 })
    },
  }

  await testClient.setBalance({ address: book.timelock, value: parseEther('10') })
  await testClient.impersonateAccount({ address: book.timelock })
  const fab = { address: book.fab, abi: fabTokenAbi } as const
  const usdc = { address: book.usdc, abi: testUsdcAbi } as const
  for (const one of [...hosts, ...renters]) {
    const funded = [one.account.address, parseEther('8000')] as const
    await wallets.deployer.writeContract({ ...fab, functionName: 'transfer', args: funded })
    for (const spender of [book.registry, book.proofSystem]) {
      const args = [spender, parseEther('8000')] as const
      await one.writeContract({ ...fab, functionName: 'approve', args })
    }
    const [account, amount] = [one.account.address, parseUnits('100000', 6)] as const
    await one.writeContract({ ...usdc, functionName: 'mint', args: [account, amount] })
    await one.writeContract({ ...usdc, functionName: 'approve', args: [book.marketplace, amount] })
  }
  for (const host of hosts) {
    await actors.registry('registerNode', host, ['gpu:rtx4090,models:llama-70b,region:us-west'])
    await actors.registry('stake', host, [parseEther('2000')])
  }
  return actors
}

const domainOf = ({ chainId, marketplace }: Chain['book']) => ({
  name: 'FabstirJobMarketplace',
  version: '1',
  chainId,
  verifyingContract: marketplace,
})
