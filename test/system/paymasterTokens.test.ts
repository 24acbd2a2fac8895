import { testUsdcAbi } from '@fabstir/contracts/abi'
import { createSmartAccountClient } from 'permissionless'
import { createPimlicoClient } from 'permissionless/clients/pimlico'
import { prepareUserOperationForErc20Paymaster } from 'permissionless/experimental/pimlico'
import type { Address } from 'viem'
import {
  encodeFunctionData,
  erc20Abi,
  http,
  maxUint256,
  parseAbi,
  parseEventLogs,
  parseSignature,
  zeroAddress,
} from 'viem'
import type { SmartAccount, UserOperation } from 'viem/account-abstraction'
import {
  createBundlerClient,
  createPaymasterClient,
  entryPoint08Address,
  entryPoint09Address,
  formatUserOperationRequest,
  toSimple7702SmartAccount,
} from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  PaymasterService,
  PaymasterServiceOptions,
} from '../../paymaster-service/src/service.ts'
import { createPaymasterService } from '../../paymaster-service/src/service.ts'
import { rpc } from '../fixtures/bundlerClient.ts'
import { publishedArtifact } from '../fixtures/simpleAccounts.ts'
import { apiKey, serviceOptions } from './paymasterFixture.ts'
import type { TokenStack } from './tokenStack.ts'
import { etherUsd, fabUsd, markupBps, quoteSignerKey, startTokenStack } from './tokenStack.ts'

let stack: TokenStack
let service: PaymasterService

beforeAll(async () => {
  stack = await startTokenStack()
  service = await startService()
})
afterAll(async () => {
  await service?.close()
  await stack?.stop()
})

function startService(overrides: Partial<PaymasterServiceOptions> = {}) {
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

const serviceUrl = () => `${service.url}?apikey=${apiKey}`
const call = (method: string, params: unknown[]) => rpc(serviceUrl(), method, params)
const chainHex = `0x${foundry.id.toString(16)}`

/** viem's own clients; gas in `token`. */
function clientOf(account: SmartAccount, token: Address) {
  const { bundler, publicClient } = stack
  return createBundlerClient({
    account,
    client: publicClient,
    chain: publicClient.chain,
    transport: http(bundler.url),
    paymaster: createPaymasterClient({ transport: http(serviceUrl(), { retryCount: 0 }) }),
    paymasterContext: { token },
    pollingInterval: 50,
  })
}

const pimlicoClient = () =>
  createPimlicoClient({
    chain: foundry,
    transport: http(serviceUrl()),
    entryPoint: { address: entryPoint08Address, version: '0.8' },
  })

const balanceOf = (token: Address, account: Address) =>
  stack.client.readContract({
    address: token,
    abi: erc20Abi,
    functionName: 'balanceOf',
    args: [account],
  })

const recipient: Address = '0x00000000000000000000000000000000000000A7'
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

const paidInToken = parseAbi([
  'event UserOperationPaidInToken(bytes32 indexed userOpHash, address indexed account, address indexed token, uint256 charge, uint256 price)',
])

/** Sends one operation that pays in `token`, and holds balances against what contract and EntryPoint say. */
async function payIn(account: SmartAccount, token: Address) {
  const { tokenPaymaster } = stack
  const viem = clientOf(account, token)
  const before = await balanceOf(token, account.address)
  const heldBefore = await balanceOf(token, tokenPaymaster)
  const hash = await viem.sendUserOperation({ calls: [nudge()] })
  const receipt = await viem.waitForUserOperationReceipt({ hash })
  expect(receipt).toMatchObject({ success: true, paymaster: tokenPaymaster })
  const [event] = parseEventLogs({ abi: paidInToken, logs: receipt.logs })
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

describe('gas in tokens, by viem', () => {
  test('USDC at the price of its feeds, after an approval: charged, and the rest refunded', async () => {
    const { usdc } = stack.contracts
    const account = await stack.newHolder()
    await approve(account, usdc, maxUint256)
    const { price } = await payIn(account, usdc)
    expect(price).toBe((etherUsd * 10n ** 6n * (10_000n + BigInt(markupBps))) / 10_000n)
    expect(await stack.client.getBalance({ address: account.address })).toBe(0n)
  })

  test('FAB at a quote of the service, signed for this account', async () => {
    const { fab } = stack.contracts
    const account = await stack.newHolder()
    await approve(account, fab, maxUint256)
    const { price } = await payIn(account, fab)
    // 2,500 dollars at 5 cents, and 5 percent.
    expect(price).toBe(50_000n * 10n ** 18n + 2_500n * 10n ** 18n)
  })

  test('USDC after a permit that anyone brings, of an EIP-7702 account', async () => {
    const { client, contracts, publicClient, tokenPaymaster, walletClient } = stack
    const { usdc } = contracts
    const owner = privateKeyToAccount(generatePrivateKey())
    const { abi, bytecode } = publishedArtifact('0.8', 'Simple7702Account')
    const deployment = await walletClient.deployContract({ abi, bytecode, args: [] })
    const { contractAddress } = await client.waitForTransactionReceipt({ hash: deployment })
    const implementation = contractAddress ?? zeroAddress
    const account = await toSimple7702SmartAccount({
      client: publicClient,
      owner,
      entryPoint: '0.8',
      implementation,
    })
    await client.setCode({
      address: owner.address,
      bytecode: `0xef0100${implementation.slice(2).toLowerCase()}`,
    })
    await stack.give(owner.address)

    const permit = { owner: owner.address, spender: tokenPaymaster, value: 10n ** 7n, nonce: 0n }
    const deadline = maxUint256
    const signature = await owner.signTypedData({
      domain: { name: 'USD Coin', version: '1', chainId: foundry.id, verifyingContract: usdc },
      types: {
        Permit: [
          { name: 'owner', type: 'address' },
          { name: 'spender', type: 'address' },
          { name: 'value', type: 'uint256' },
          { name: 'nonce', type: 'uint256' },
          { name: 'deadline', type: 'uint256' },
        ],
      },
      primaryType: 'Permit',
      message: { ...permit, deadline },
    })
    const { r, s, yParity } = parseSignature(signature)
    const args = [permit.owner, permit.spender, permit.value, deadline, 27 + yParity, r, s] as const
    const hash = await walletClient.writeContract({
      address: usdc,
      abi: testUsdcAbi,
      functionName: 'permit',
      args,
    })
    await client.waitForTransactionReceipt({ hash })
    await payIn(account, usdc)
  })
})

describe('quotes', () => {
  test('permissionless reads them: token for ether with markup and room, ether in dollars', async () => {
    const { usdc, fab } = stack.contracts
    const pimlico = pimlicoClient()
    const quotes = await pimlico.getTokenQuotes({
      tokens: [usdc, fab, recipient],
    })
    const common = {
      paymaster: stack.tokenPaymaster,
      postOpGas: 5_000n,
      exchangeRateNativeToUsd: etherUsd * 10n ** 6n,
    }
    // 5 percent of markup, 1 of room.
    expect(quotes).toMatchObject([
      { ...common, token: usdc, exchangeRate: 2_651_250_000n },
      { ...common, token: fab, exchangeRate: 53_025n * 10n ** 18n },
    ])
  })

  test('pm_getAcceptedPaymentTokens says what is taken, at what rate, and whom to approve', async () => {
    const { usdc, fab } = stack.contracts
    const asked = [entryPoint08Address, chainHex]
    const { result } = await call('pm_getAcceptedPaymentTokens', asked)
    const { validUntil } =
      (result as { acceptedTokens: { validUntil: number }[] }).acceptedTokens[0] ?? {}
    expect(result).toMatchObject({
      acceptedTokens: [
        { address: usdc, name: 'USD Coin', symbol: 'USDC', decimals: 6, source: 'feed' },
        { address: fab, symbol: 'FAB', decimals: 18, source: 'quote', validUntil: null },
      ],
    })
    expect(result).toMatchObject({
      acceptedTokens: [{ approve: stack.tokenPaymaster, postOpGas: '0x1388' }, {}],
    })
    const { timestamp } = await stack.client.getBlock()
    expect(BigInt(validUntil ?? 0)).toBeGreaterThan(timestamp)

    await stack.listUsdc(false)
    const { result: rest } = await call('pm_getAcceptedPaymentTokens', asked)
    expect(rest).toMatchObject({ acceptedTokens: [{ address: fab }] })
    const quoted = [{ tokens: [usdc] }, entryPoint08Address, chainHex]
    expect(await call('pimlico_getTokenQuotes', quoted)).toMatchObject({
      error: { code: -32010, data: { rule: 'token.not-taken' } },
    })
    await stack.listUsdc(true)
    expect(
      await call('pm_getAcceptedPaymentTokens', [entryPoint09Address, chainHex]),
    ).toMatchObject({ error: { code: -32602, data: { field: 'entryPoint' } } })
  })
})

describe("permissionless' helper for ERC-20 paymasters", () => {
  const helped = (account: SmartAccount, token: Address) => {
    const pimlico = pimlicoClient()
    return createSmartAccountClient({
      account,
      client: stack.publicClient,
      chain: stack.publicClient.chain,
      bundlerTransport: http(stack.bundler.url),
      paymaster: pimlico,
      paymasterContext: { token },
      pollingInterval: 50,
      userOperation: { prepareUserOperation: prepareUserOperationForErc20Paymaster(pimlico) },
    })
  }

  test.each(['usdc', 'fab'] as const)('pays in %s that was approved before', async (name) => {
    const token = stack.contracts[name]
    const account = await stack.newHolder()
    await approve(account, token, 10n ** (name === 'usdc' ? 8n : 21n))
    const before = await balanceOf(token, account.address)
    const hash = await helped(account, token).sendTransaction({ calls: [nudge()] })
    const { status } = await stack.client.getTransactionReceipt({ hash })
    expect(status).toBe('success')
    expect(await balanceOf(token, account.address)).toBeLessThan(before)
  })

  test('an approval in the same operation comes too late: nothing is taken before it', async () => {
    const { usdc, fab } = stack.contracts
    const account = await stack.newHolder()
    // Deployed, but nothing is approved.
    await approve(account, fab, 0n)
    await expect(helped(account, usdc).sendTransaction({ calls: [nudge()] })).rejects.toThrow(
      /AA33/,
    )
  })
})

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
    await approve(account, usdc, maxUint256)
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
    await approve(account, usdc, maxUint256)
    await approve(account, fab, maxUint256)
    // Quotes with ether at the price of its feed.
    await service.close()
    service = await startService({
      etherPriceUsd: undefined,
      priceFeed: etherFeed.address,
      priceMaxAgeSeconds: 3_600,
    })
    await etherFeed.set(etherUsd)
    await usdcFeed.set(1n)
    await updatePrice()
    await payIn(account, fab)
    // Signed while the price held, and kept until it does not.
    const early = clientOf(account, usdc)
    const prepared = (await early.prepareUserOperation({
      calls: [nudge()],
    })) as unknown as UserOperation<'0.8'>
    const signature = await account.signUserOperation(prepared)

    await client.increaseTime({ seconds: 3_601 })
    await client.mine({ blocks: 1 })
    const stale = ['token.price-stale', 'token.price-stale']
    expect(await rulesOf(account.address, usdc)).toEqual(stale)
    expect(await rulesOf(account.address, fab)).toEqual(stale)
    await expect(clientOf(account, usdc).sendUserOperation({ calls: [nudge()] })).rejects.toThrow(
      /token\.price-stale/,
    )
    const late = await rpc(bundler.url, 'eth_sendUserOperation', [
      formatUserOperationRequest({ ...prepared, signature }),
      entryPoint08Address,
    ])
    expect(late.error).toMatchObject({ code: -32503 })

    await etherFeed.set(etherUsd)
    await usdcFeed.set(1n)
    await updatePrice()
    await payIn(account, usdc)
  })

  test('quotes of another signer than the contract takes', async () => {
    const { fab } = stack.contracts
    const account = await stack.newHolder()
    await service.close()
    service = await startService({ quoteSignerKey: generatePrivateKey() })
    expect(await rulesOf(account.address, fab)).toEqual(['token.no-quotes', 'token.no-quotes'])
    await service.close()
    service = await startService()
  })
})
