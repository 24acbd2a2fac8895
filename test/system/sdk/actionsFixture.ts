import type { Devnet } from '@fabstir/devnet'
import {
  type AccountReadClient,
  type ContractName,
  createFabstirClient,
  toFabstirAccount,
} from '@fabstir/sdk'
import {
  type Abi,
  type Address,
  createTestClient,
  createWalletClient,
  erc20Abi,
  http,
  isAddress,
  parseEther,
  toFunctionSelector,
} from 'viem'
import { expect } from 'vitest'
import { freshKey, sdkFixture } from '../sdkFixture.ts'
import { type WholeClient, wholeClient } from './wholeClient.ts'

/** What the tests of the actions need besides {@link sdkFixture}: accounts that pay themselves, governance, time. */
export function actionsFixture(devnet: Devnet) {
  const { chain, rpcUrl, bundlerUrl, contracts } = devnet
  const fixture = sdkFixture(devnet)
  const { publicClient } = fixture
  const testClient = createTestClient({ chain, mode: 'anvil', transport: http(rpcUrl) })

  /** A client of an account with ETH and no sponsor, for what the sponsor's policy leaves out. */
  const createSelfPaid = async (tokens: { fab?: string; usdc?: string } = {}) => {
    const owner = freshKey()
    const account = await toFabstirAccount({ client: publicClient, owner, contracts })
    const { address } = account
    await fixture.give.eth(address, '10')
    if (tokens.fab) await fixture.give.fab(address, tokens.fab)
    if (tokens.usdc) await fixture.give.usdc(address, tokens.usdc)
    return wholeClient(
      createFabstirClient({
        account,
        chain,
        transport: http(bundlerUrl),
        pollingInterval: 20,
        timeout: 30_000,
      }),
    )
  }

  const createSelfPaidHost = async (): Promise<WholeClient> => {
    const host = await createSelfPaid({ fab: '1000' })
    await host.registerHostSync({ models: ['llama-70b'] })
    return host
  }

  /** Sends a transaction as the timelock, which owns every contract. */
  const govern = async (
    contract: ContractName,
    abi: Abi | readonly unknown[],
    functionName: string,
    args: readonly unknown[],
  ) => {
    const account = contracts.timelock
    await testClient.impersonateAccount({ address: account })
    await testClient.setBalance({ address: account, value: parseEther('10') })
    const wallet = createWalletClient({ account, chain, transport: http(rpcUrl) })
    const hash = await wallet.writeContract({
      address: contracts[contract],
      abi: abi as Abi,
      functionName,
      args,
    })
    expect((await publicClient.waitForTransactionReceipt({ hash })).status).toBe('success')
  }

  /** Lets so many seconds pass on the chain. Sponsorships are signed by the time of the service: pay yourself after. */
  const pass = async (seconds: bigint | number) => {
    await testClient.increaseTime({ seconds: Number(seconds) })
    await testClient.mine({ blocks: 1 })
  }

  /** Nothing that the account holds is approved for any contract of the system. */
  const expectNothingApproved = async ({ account: { address } }: AccountReadClient) => {
    const addresses = Object.values(contracts).filter(
      (value): value is Address => typeof value === 'string' && isAddress(value),
    )
    const allowances = await Promise.all(
      [contracts.fab, contracts.usdc].flatMap((token) =>
        addresses.map((spender) =>
          publicClient.readContract({
            address: token,
            abi: erc20Abi,
            functionName: 'allowance',
            args: [address, spender],
          }),
        ),
      ),
    )
    expect(allowances.filter((allowance) => allowance > 0n)).toEqual([])
  }

  const balanceOf = (token: Address, account: Address) =>
    publicClient.readContract({
      abi: erc20Abi,
      address: token,
      functionName: 'balanceOf',
      args: [account],
    })

  /** A verifier of proofs that takes every key and says what it is told of every proof. */
  const setVerifier = (address: Address, answer: boolean) =>
    testClient.setCode({
      address,
      // `holdsKey(bytes32)` is always true, `verify(…)` the answer.
      bytecode: `0x5f3560e01c63${holdsKeySelector}1460${answer ? '01' : '00'}175f5260205ff3`,
    })

  return {
    ...fixture,
    contracts,
    createSelfPaid,
    createSelfPaidHost,
    govern,
    pass,
    expectNothingApproved,
    balanceOf,
    setVerifier,
  }
}

export type ActionsFixture = ReturnType<typeof actionsFixture>

const holdsKeySelector = toFunctionSelector('function holdsKey(bytes32 vkHash)').slice(2)
