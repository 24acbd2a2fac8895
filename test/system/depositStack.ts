import { sponsorPaymasterAbi, topUpVaultAbi } from '@fabstir/contracts/abi'
import { type Address, type Hex, parseEther, parseEventLogs } from 'viem'
import { entryPoint08Abi, entryPoint08Address } from 'viem/account-abstraction'
import { privateKeyToAddress } from 'viem/accounts'
import { devnetAccounts } from '../../devnet/src/keys.ts'
import { deploymentOf, startStack } from './paymasterFixture.ts'

export type DepositStack = Awaited<ReturnType<typeof startDepositStack>>

/**
 * A chain whose TopUpVault has 20 ETH, and tops up the sponsor of EntryPoint 0.8 by 10 ETH a day at the most.
 * @param keeperKey Of the account that may ask the vault to.
 */
export async function startDepositStack(keeperKey: Hex) {
  const stack = await startStack()
  const { client, contracts, walletClient } = stack
  const { timelock, topUpVault } = contracts
  const paymaster = deploymentOf(contracts, entryPoint08Address).sponsorPaymaster
  const keeper = privateKeyToAddress(keeperKey)

  const govern = async (functionName: 'setPaymaster' | 'setKeeper', args: readonly unknown[]) => {
    await client.impersonateAccount({ address: timelock })
    await client.setBalance({ address: timelock, value: parseEther('1') })
    const hash = await walletClient.writeContract({
      ...{ account: timelock, address: topUpVault, abi: topUpVaultAbi, functionName },
      args: args as never,
    })
    const { status } = await client.waitForTransactionReceipt({ hash })
    if (status !== 'success') throw new Error(`${functionName} reverted`)
  }
  /** Lets the vault top a paymaster up. */
  const listPaymaster = (address: Address, dailyCap: bigint) =>
    govern('setPaymaster', [address, dailyCap])

  const depositOf = (address: Address = paymaster) =>
    client.readContract({
      ...{ address: entryPoint08Address, abi: entryPoint08Abi, functionName: 'balanceOf' },
      args: [address],
    })

  await listPaymaster(paymaster, parseEther('10'))
  await govern('setKeeper', [keeper, true])
  await client.setBalance({ address: keeper, value: parseEther('1') })
  await client.setBalance({ address: topUpVault, value: parseEther('20') })
  let snapshot = await client.snapshot()

  return {
    ...stack,
    ...{ paymaster, listPaymaster, depositOf },

    /** Lets the operator take out all but `rest`. */
    async leave(rest: bigint) {
      const hash = await walletClient.writeContract({
        account: devnetAccounts.sponsorOperator,
        ...{ address: paymaster, abi: sponsorPaymasterAbi, functionName: 'withdraw' },
        args: [(await depositOf()) - rest],
      })
      await client.waitForTransactionReceipt({ hash })
      if ((await depositOf()) !== rest) throw new Error(`the deposit is not ${rest}`)
    },
    /** What the vault has told of its top-ups. */
    async toppedUp() {
      const logs = await client.getLogs({ address: topUpVault, fromBlock: 0n })
      return parseEventLogs({ abi: topUpVaultAbi, eventName: 'ToppedUp', logs })
    },
    /** The chain as it was at the start. */
    async restore() {
      await client.revert({ id: snapshot })
      snapshot = await client.snapshot()
    },
  }
}
