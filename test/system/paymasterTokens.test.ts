import { testUsdcAbi } from '@fabstir/contracts/abi'
import { createSmartAccountClient } from 'permissionless'
import { createPimlicoClient } from 'permissionless/clients/pimlico'
import { prepareUserOperationForErc20Paymaster } from 'permissionless/experimental/pimlico'
import type { Address } from 'viem'
import { http, maxUint256, parseSignature, zeroAddress } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import {
  entryPoint08Address,
  entryPoint09Address,
  toSimple7702SmartAccount,
} from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PaymasterService } from '../../paymaster-service/src/service.ts'
import { rpc } from '../fixtures/bundlerClient.ts'
import { publishedArtifact } from '../fixtures/simpleAccounts.ts'
import { recipient, startTokenService, tokenPayer, urlOf } from './tokenPayer.ts'
import type { TokenStack } from './tokenStack.ts'
import { etherUsd, markupBps, startTokenStack } from './tokenStack.ts'

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

const pimlicoClient = () =>
  createPimlicoClient({
    chain: foundry,
    transport: http(urlOf(service)),
    entryPoint: { address: entryPoint08Address, version: '0.8' },
  })

describe('gas in tokens, by viem', () => {
  test('USDC at the price of its feeds, after an approval: charged, and the rest refunded', async () => {
    const { usdc } = stack.contracts
    const account = await stack.newHolder()
    await payer.approve(account, usdc, maxUint256)
    const { price } = await payer.payIn(account, usdc)
    expect(price).toBe((etherUsd * 10n ** 6n * (10_000n + BigInt(markupBps))) / 10_000n)
    expect(await stack.client.getBalance({ address: account.address })).toBe(0n)
  })

  test('FAB at a quote of the service, signed for this account', async () => {
    const { fab } = stack.contracts
    const account = await stack.newHolder()
    await payer.approve(account, fab, maxUint256)
    const { price } = await payer.payIn(account, fab)
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
    await payer.payIn(account, usdc)
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
    await payer.approve(account, token, 10n ** (name === 'usdc' ? 8n : 21n))
    const before = await payer.balanceOf(token, account.address)
    const hash = await helped(account, token).sendTransaction({ calls: [payer.nudge()] })
    const { status } = await stack.client.getTransactionReceipt({ hash })
    expect(status).toBe('success')
    expect(await payer.balanceOf(token, account.address)).toBeLessThan(before)
  })

  test('an approval in the same operation comes too late: nothing is taken before it', async () => {
    const { usdc, fab } = stack.contracts
    const account = await stack.newHolder()
    // Deployed, but nothing is approved.
    await payer.approve(account, fab, 0n)
    await expect(helped(account, usdc).sendTransaction({ calls: [payer.nudge()] })).rejects.toThrow(
      /AA33/,
    )
  })
})
