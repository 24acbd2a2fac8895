import { tokenPaymasterAbi } from '@fabstir/contracts/abi'
import type { Address } from 'viem'
import { encodeFunctionData, erc20Abi, http, parseEventLogs } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import {
  createBundlerClient,
  createPaymasterClient,
  entryPoint08Address,
} from 'viem/account-abstraction'
import { expect } from 'vitest'
import type {
  PaymasterService,
  PaymasterServiceOptions,
} from '../../paymaster-service/src/service.ts'
import { createPaymasterService } from '../../paymaster-service/src/service.ts'
import { apiKey, serviceOptions } from './paymasterFixture.ts'
import type { TokenStack } from './tokenStack.ts'
import { etherUsd, fabUsd, quoteSignerKey } from './tokenStack.ts'

/** Somebody whom the accounts of these tests send a millionth of a dollar. */
export const recipient: Address = '0x00000000000000000000000000000000000000A7'

/** A paymaster service that takes USDC and FAB on EntryPoint 0.8. */
export function startTokenService(
  stack: TokenStack,
  overrides: Partial<PaymasterServiceOptions> = {},
): Promise<PaymasterService> {
  const { contracts, tokenPaymaster, bundler } = stack
  return createPaymasterService(
    serviceOptions(stack, {
      bundlerUrl: bundler.url,
      tokenPaymasters: { [entryPoint08Address]: tokenPaymaster },
      paymentTokens: [{ address: contracts.usdc }, { address: contracts.fab, usd: fabUsd }],
      quoteSignerKey,
      etherPriceUsd: `${etherUsd}`,
      ...overrides,
    }),
  )
}

export const urlOf = (service: Pick<PaymasterService, 'url'>) => `${service.url}?apikey=${apiKey}`

/** Accounts that pay in tokens, by viem's own clients. @param service The one that is asked now. */
export function tokenPayer(stack: TokenStack, service: () => PaymasterService) {
  /** viem's own clients; gas in `token`. */
  function clientOf(account: SmartAccount, token: Address) {
    const { bundler, publicClient } = stack
    return createBundlerClient({
      account,
      client: publicClient,
      chain: publicClient.chain,
      transport: http(bundler.url),
      paymaster: createPaymasterClient({ transport: http(urlOf(service()), { retryCount: 0 }) }),
      paymasterContext: { token },
      pollingInterval: 50,
    })
  }

  const balanceOf = (token: Address, account: Address) =>
    stack.client.readContract({
      address: token,
      abi: erc20Abi,
      functionName: 'balanceOf',
      args: [account],
    })

  /** Anything that the account does; the token pays for it. */
  const nudge = () => ({
    to: stack.contracts.usdc,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [recipient, 1n] }),
  })

  /** Deploys the account by an operation that it pays for itself, and approves in it. */
  async function approve(account: SmartAccount, token: Address, amount: bigint) {
    const { client, bundler, publicClient, tokenPaymaster } = stack
    await client.setBalance({ address: account.address, value: 10n ** 18n })
    const viem = createBundlerClient({
      account,
      client: publicClient,
      transport: http(bundler.url),
      pollingInterval: 50,
    })
    const data = encodeFunctionData({
      abi: erc20Abi,
      functionName: 'approve',
      args: [tokenPaymaster, amount],
    })
    const hash = await viem.sendUserOperation({ calls: [{ to: token, data }] })
    const { success } = await viem.waitForUserOperationReceipt({ hash })
    expect(success).toBe(true)
    await client.setBalance({ address: account.address, value: 0n })
  }

  /** Sends one operation that pays in `token`, and holds balances against what contract and EntryPoint say. */
  async function payIn(account: SmartAccount, token: Address) {
    const { tokenPaymaster } = stack
    const viem = clientOf(account, token)
    const before = await balanceOf(token, account.address)
    const heldBefore = await balanceOf(token, tokenPaymaster)
    const hash = await viem.sendUserOperation({ calls: [nudge()] })
    const receipt = await viem.waitForUserOperationReceipt({ hash })
    expect(receipt).toMatchObject({ success: true, paymaster: tokenPaymaster })
    const [event] = parseEventLogs({
      abi: tokenPaymasterAbi,
      eventName: 'UserOperationPaidInToken',
      logs: receipt.logs,
    })
    if (!event) throw new Error('nothing was paid in the token')
    const { charge, price } = event.args
    const spent = before - (await balanceOf(token, account.address))
    const transferred = token === stack.contracts.usdc ? 1n : 0n
    // What was taken before and not used has come back.
    expect(spent).toBe(charge + transferred)
    expect((await balanceOf(token, tokenPaymaster)) - heldBefore).toBe(charge)
    // The paymaster does not pay more ether than the tokens are worth at the price.
    expect((charge * 10n ** 18n) / price).toBeGreaterThanOrEqual(receipt.actualGasCost)
    expect((charge * 10n ** 18n) / price).toBeLessThan((receipt.actualGasCost * 13n) / 10n)
    return { charge, price, receipt }
  }

  return { clientOf, balanceOf, nudge, approve, payIn }
}
