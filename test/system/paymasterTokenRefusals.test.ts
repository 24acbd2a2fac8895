import { tokenPaymasterAbi } from '@fabstir/contracts/abi'
import type { Address } from 'viem'
import { maxUint256, parseEther } from 'viem'
import type { UserOperation } from 'viem/account-abstraction'
import { entryPoint08Address, formatUserOperationRequest } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PaymasterService } from '../../paymaster-service/src/service.ts'
import { rpc } from '../fixtures/bundlerClient.ts'
import { recipient, startTokenService, tokenPayer, urlOf } from './tokenPayer.ts'
import type { TokenStack } from './tokenStack.ts'
import { etherUsd, startTokenStack } from './tokenStack.ts'

let stack: TokenStack
let service: PaymasterService
let payer: ReturnType<typeof tokenPayer>

beforeAll(async () => {
  stack = await startTokenStack()
  service = await startTokenService(stack)
  payer = tokenPayer(stack, () => service)
})
afterAll(async () => {
  await service?.close()
  await stack?.stop()
})

const call = (method: string, params: unknown[]) => rpc(urlOf(service), method, params)
const chainHex = `0x${foundry.id.toString(16)}`

describe('refused, with the rule', () => {
  /** What both methods of ERC-7677 say to an operation that pays in `token`. */
  async function rulesOf(sender: Address, token: Address, more: object = {}) {
    const op = {
      sender,
      nonce: '0x1',
      callData: '0x',
      callGasLimit: '0x186a0',
      verificationGasLimit: '0x186a0',
      preVerificationGas: '0xea60',
      maxFeePerGas: '0xb2d05e00',
      maxPriorityFeePerGas: '0x3b9aca00',
      signature: '0x',
      ...more,
    }
    const rules = []
    for (const method of ['pm_getPaymasterStubData', 'pm_getPaymasterData']) {
      const { error } = await call(method, [op, entryPoint08Address, chainHex, { token }])
      if (error) expect(error.code).toBe(-32010)
      rules.push(error?.data?.rule ?? 'none')
    }
    return rules
  }

  test('a token that is not offered, an operation that deploys, limits, funds', async () => {
    const { usdc, fab } = stack.contracts
    const account = await stack.newHolder()
    const { factory, factoryData } = await account.getFactoryArgs()
    const { address } = account
    expect(await rulesOf(address, recipient)).toEqual(['token.not-taken', 'token.not-taken'])
    await payer.approve(account, usdc, maxUint256)
    expect(await rulesOf(address, usdc)).toEqual(['none', 'none'])
    for (const token of [usdc, fab]) {
      expect((await rulesOf(address, token, { factory, factoryData }))[0]).toBe('token.deploying')
      for (const paymasterPostOpGasLimit of ['0x4e1f', '0x9c41'])
        expect(await rulesOf(address, token, { paymasterPostOpGasLimit })).toEqual([
          'token.post-op-gas',
          'token.post-op-gas',
        ])
      expect(await rulesOf(recipient, token)).toEqual(['none', 'token.balance'])
    }
    expect(await rulesOf(address, fab)).toEqual(['none', 'token.allowance'])
    expect(await rulesOf(address, usdc, { paymasterVerificationGasLimit: '0x493e1' })).toEqual([
      'token.verification-gas',
      'token.verification-gas',
    ])
  })

  test('a stale price: of the feeds, and of the ether behind a quote', async () => {
    const { client, bundler, contracts, etherFeed, usdcFeed, updatePrice } = stack
    const { usdc, fab } = contracts
    const account = await stack.newHolder()
    await payer.approve(account, usdc, maxUint256)
    await payer.approve(account, fab, maxUint256)
    // Quotes with ether at the price of its feed.
    await service.close()
    service = await startTokenService(stack, {
      etherPriceUsd: undefined,
      priceFeed: etherFeed.address,
      priceMaxAgeSeconds: 3_600,
    })
    await etherFeed.set(etherUsd)
    await usdcFeed.set(1n)
    await updatePrice()
    await payer.payIn(account, fab)
    // Signed while the price held, and kept until it does not.
    const early = payer.clientOf(account, usdc)
    const prepared = (await early.prepareUserOperation({
      calls: [payer.nudge()],
    })) as unknown as UserOperation<'0.8'>
    const signature = await account.signUserOperation(prepared)

    await client.increaseTime({ seconds: 3_601 })
    await client.mine({ blocks: 1 })
    const stale = ['token.price-stale', 'token.price-stale']
    expect(await rulesOf(account.address, usdc)).toEqual(stale)
    expect(await rulesOf(account.address, fab)).toEqual(stale)
    await expect(
      payer.clientOf(account, usdc).sendUserOperation({ calls: [payer.nudge()] }),
    ).rejects.toThrow(/token\.price-stale/)
    const late = await rpc(bundler.url, 'eth_sendUserOperation', [
      formatUserOperationRequest({ ...prepared, signature }),
      entryPoint08Address,
    ])
    expect(late.error).toMatchObject({ code: -32503 })

    await etherFeed.set(etherUsd)
    await usdcFeed.set(1n)
    await updatePrice()
    await payer.payIn(account, usdc)
  })

  test('no stale price, while a keeper pays for updatePrice; whoever asks is charged by the new one', async () => {
    const { client, contracts, tokenPaymaster, etherFeed, usdcFeed, updatePrice } = stack
    const account = await stack.newHolder()
    await payer.approve(account, contracts.usdc, maxUint256)
    const keeperKey = generatePrivateKey()
    const keeper = privateKeyToAddress(keeperKey)
    await client.setBalance({ address: keeper, value: parseEther('1') })
    const endOf = async () => {
      const args = [contracts.usdc] as const
      const price = { address: tokenPaymaster, abi: tokenPaymasterAbi } as const
      return (await client.readContract({ ...price, functionName: 'priceOf', args }))[3]
    }
    await etherFeed.set(etherUsd)
    await usdcFeed.set(1n)
    await updatePrice()
    await service.close()
    service = await startTokenService(stack, { keeperKey, depositIntervalMs: 30 })
    await client.increaseTime({ seconds: 3_100 })
    await client.mine({ blocks: 1 })
    // The kept price and its feeds end together: an update would bring nothing.
    const before = await endOf()
    await etherFeed.set(2n * etherUsd)
    await usdcFeed.set(1n)
    await expect.poll(endOf, { timeout: 20_000, interval: 50 }).toBeGreaterThan(before + 3_000)
    expect(await client.getTransactionCount({ address: keeper })).toBe(1)
    const { price } = await payer.payIn(account, contracts.usdc)
    // Twice the dollars for an ether, and the markup of 5 %.
    expect(price).toBe((2n * etherUsd * 10n ** 6n * 105n) / 100n)
  })

  test('quotes of another signer than the contract takes', async () => {
    const { fab } = stack.contracts
    const account = await stack.newHolder()
    await service.close()
    service = await startTokenService(stack, { quoteSignerKey: generatePrivateKey() })
    expect(await rulesOf(account.address, fab)).toEqual(['token.no-quotes', 'token.no-quotes'])
    await service.close()
    service = await startTokenService(stack)
  })
})
