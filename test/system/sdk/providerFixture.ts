import type { Devnet } from '@fabstir/devnet'
import { type FabstirClient, postJob, usdc } from '@fabstir/sdk'
import {
  type ApprovalRequest,
  type Eip1193ProviderParameters,
  type FabstirEip1193Provider,
  toEip1193Provider,
} from '@fabstir/sdk/provider'
import {
  createWalletClient,
  custom,
  type EIP1193Provider,
  type Hex,
  http,
  numberToHex,
  publicActions,
  TimeoutError,
  type Transport,
} from 'viem'
import type { ClientOptions, sdkFixture } from '../sdkFixture.ts'

export const chainId = '0x7a69'
export const job = { model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(1) }

export type RpcCall = { to: Hex; data: Hex; value?: Hex }

/** Parameters of `wallet_sendCalls`. */
export const batchOf = (calls: readonly object[], more: object = {}) => [
  { version: '2.0.0', chainId, atomicRequired: true, calls, ...more },
]

/** Nobody that the wallet knows. */
export const stranger = '0x5Ba11ed0000000000000000000000000000001Ab'.toLowerCase() as Hex

/** Typed data of one text in a domain. */
export const mail = (domain: object, primaryType = 'Mail') =>
  JSON.stringify({
    domain,
    types: { [primaryType]: [{ name: 'text', type: 'string' }] },
    primaryType,
    message: { text: 'hello' },
  })

/** A permission that would be granted. */
export const permission = (more: object = {}, data: object = { scope: ['claimJob'] }) => ({
  chainId,
  to: stranger,
  permission: { type: 'fabstir-session', isAdjustmentAllowed: false, data },
  rules: [{ type: 'expiry', data: { timestamp: Math.floor(Date.now() / 1000) + 3600 } }],
  ...more,
})

/** Any request, also one that an app that keeps to the types cannot make. */
export const ask = <result = unknown>(
  provider: EIP1193Provider,
  method: string,
  params: unknown = [],
) => provider.request({ method, params } as never) as Promise<result>

/** The error of a request, as the app sees it; fails when there is none. */
export async function refusal(request: Promise<unknown>) {
  const result = await request.catch((error: unknown) => ({ error }))
  if (typeof result === 'object' && result !== null && 'error' in result)
    return result.error as Error & { code: number; details?: string; data?: unknown }
  throw new Error(`nobody refused, but answered ${JSON.stringify(result)}`)
}

/** Wallets of a devnet whose apps see nothing but a provider. */
export function providerFixture(devnet: Devnet, fixture: ReturnType<typeof sdkFixture>) {
  const createWallet = async (
    options: Partial<Eip1193ProviderParameters> = {},
    account: ClientOptions = {},
  ) => {
    const renter = await fixture.createRenter('10', account)
    const asked: ApprovalRequest[] = []
    const approve = (request: ApprovalRequest) => {
      asked.push(request)
      return true
    }
    const provider: FabstirEip1193Provider = toEip1193Provider({
      client: renter,
      origin: 'https://app.example',
      approve,
      ...options,
    })
    const dapp = createWalletClient({
      chain: devnet.chain,
      transport: custom(provider, { retryCount: 0 }),
      pollingInterval: 50,
    }).extend(publicActions)
    return { renter, provider, dapp, asked, address: renter.account.address }
  }
  const createConnected = async (
    options: Partial<Eip1193ProviderParameters> = {},
    account: ClientOptions = {},
  ) => {
    const wallet = await createWallet(options, account)
    await wallet.dapp.requestAddresses()
    return wallet
  }
  /** Calls of an action as an app would make them. */
  const jobCalls = async (client: FabstirClient): Promise<RpcCall[]> =>
    (await postJob.call(job).prepare(client)).calls.map(({ to, data = '0x', value = 0n }) => ({
      to,
      data,
      value: numberToHex(value),
    }))
  return { createWallet, createConnected, jobCalls }
}

/** Loses the answer to the next operation, and every answer after it until the bundler is back. */
export function losingAnswers(url: string): { transport: Transport; back: () => void } {
  let isGone: boolean | undefined
  const transport: Transport = (parameters) => {
    const inner = http(url)(parameters)
    const request = async (args: { method: string; params?: unknown }) => {
      if (isGone) throw new TimeoutError({ body: args, url })
      const answer = await inner.request(args as never)
      if (args.method !== 'eth_sendUserOperation' || isGone === false) return answer
      isGone = true
      throw new TimeoutError({ body: args, url })
    }
    return { ...inner, request: request as typeof inner.request }
  }
  return {
    transport,
    back() {
      isGone = false
    },
  }
}

/** Runs something when an operation is estimated and signed, and not yet at the bundler. */
export function withMeantime(url: string): {
  transport: Transport
  meantime: (run: () => Promise<unknown>) => void
} {
  let next: (() => Promise<unknown>) | undefined
  const transport: Transport = (parameters) => {
    const inner = http(url)(parameters)
    const request = async (args: { method: string; params?: unknown }) => {
      const run = args.method === 'eth_sendUserOperation' ? next : undefined
      if (run) next = undefined
      await run?.()
      return inner.request(args as never)
    }
    return { ...inner, request: request as typeof inner.request }
  }
  return {
    transport,
    meantime: (run) => {
      next = run
    },
  }
}
