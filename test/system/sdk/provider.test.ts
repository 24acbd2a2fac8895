import { type Devnet, startDevnet } from '@fabstir/devnet'
import { postJob, toSessionAccount, usdc } from '@fabstir/sdk'
import {
  type ApprovalRequest,
  type Eip1193ProviderParameters,
  type FabstirProvider,
  toEip1193Provider,
  toPermissionGrant,
} from '@fabstir/sdk/provider'
import {
  createWalletClient,
  custom,
  encodeFunctionData,
  erc20Abi,
  isErc6492Signature,
  numberToHex,
  publicActions,
  stringToHex,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshKey, sdkFixture } from '../sdkFixture.ts'

let devnet: Devnet
let fixture: ReturnType<typeof sdkFixture>
beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sdkFixture(devnet)
}, 180_000)
afterAll(() => devnet?.close())

const chainId = '0x7a69'
const typedData = {
  domain: { name: 'Mail', version: '1', chainId: 31_337 },
  types: { Mail: [{ name: 'text', type: 'string' }] },
  primaryType: 'Mail',
  message: { text: 'hello' },
} as const

/** A renter with 10 USDC, the provider over its account, and the dapp's own clients over that. */
async function createWallet(options: Partial<Eip1193ProviderParameters> = {}) {
  const renter = await fixture.createRenter('10')
  const asked: ApprovalRequest[] = []
  const provider = toEip1193Provider({
    client: renter,
    origin: 'https://app.example',
    approve: (request) => {
      asked.push(request)
      return true
    },
    ...options,
  })
  const { chain } = devnet
  const dapp = createWalletClient({
    chain,
    transport: custom(provider, { retryCount: 0 }),
    pollingInterval: 50,
  }).extend(publicActions)
  return { renter, provider, dapp, asked, address: renter.account.address }
}

/** A connected one. */
async function createConnected(options: Partial<Eip1193ProviderParameters> = {}) {
  const wallet = await createWallet(options)
  await wallet.dapp.requestAddresses()
  return wallet
}

/** Any request, as an app that does not keep to the types sends it. */
const ask = (provider: FabstirProvider, method: string, params: unknown) =>
  provider.request({ method, params } as never) as Promise<unknown>

const transferUsdc = (to: `0x${string}`, amount: bigint) => ({
  to: devnet.contracts.usdc,
  data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, amount] }),
})

const usdcOf = (address: `0x${string}`) =>
  fixture.publicClient.readContract({
    abi: erc20Abi,
    address: devnet.contracts.usdc,
    functionName: 'balanceOf',
    args: [address],
  })

const batchOf = (calls: readonly object[], more: object = {}) => [
  { version: '2.0.0', chainId, atomicRequired: true, calls, ...more },
]

test('a viem wallet client sends, signs and reads through it, without ETH', async () => {
  const { dapp, address, asked } = await createConnected()
  const to = freshKey().address
  expect(await dapp.getAddresses()).toEqual([address])
  expect(await dapp.getChainId()).toBe(31_337)

  const message = await dapp.signMessage({ account: address, message: 'log in' })
  const signature = await dapp.signTypedData({ account: address, ...typedData })
  expect(isErc6492Signature(message)).toBe(true)
  const { publicClient } = fixture
  expect(
    await Promise.all([
      publicClient.verifyMessage({ address, message: 'log in', signature: message }),
      publicClient.verifyMessage({ address, message: 'log 1n', signature: message }),
      publicClient.verifyTypedData({ address, ...typedData, signature }),
    ]),
  ).toEqual([true, false, true])

  const hash = await dapp.writeContract({
    account: address,
    address: devnet.contracts.usdc,
    abi: erc20Abi,
    functionName: 'transfer',
    args: [to, 1_000_000n],
  })
  expect(await dapp.waitForTransactionReceipt({ hash })).toMatchObject({ status: 'success' })
  expect(await usdcOf(to)).toBe(1_000_000n)
  expect(await publicClient.getBalance({ address })).toBe(0n)
  expect(isErc6492Signature(await dapp.signMessage({ account: address, message: 'log in' }))).toBe(
    false,
  )
  expect(asked.map(({ type }) => type)).toEqual([
    ...['connect', 'signMessage', 'signTypedData', 'sendCalls', 'signMessage'],
  ])
  expect(asked[1]).toMatchObject({
    origin: 'https://app.example',
    message: stringToHex('log in'),
    text: 'log in',
  })
})

test('a transaction that reverts is refused with its revert, before anything is sent', async () => {
  const { dapp, address } = await createConnected()
  const failure = await dapp
    .writeContract({
      account: address,
      address: devnet.contracts.usdc,
      abi: erc20Abi,
      functionName: 'transfer',
      args: [freshKey().address, 11_000_000n],
    })
    .catch((error: unknown) => error)
  expect(failure).toMatchObject({ name: 'ContractFunctionExecutionError' })
})
