import { readAccountCode } from '@fabstir/contracts/deploy'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import { defaultMarketplacePolicy } from '@fabstir/paymaster-service'
import type { Duration, GrantSessionParameters, TokenAmount } from '@fabstir/sdk'
import { usdc } from '@fabstir/sdk'
import { createTestClient, http, type Transport } from 'viem'
import { adminKey, apiKeys, budgets, caps } from '../../../../devnet/src/apps.ts'
import { freshKey } from '../../sdkFixture.ts'
import { type ServiceProxy, startServiceProxy } from '../../sdkServiceProxy.ts'
import { actionsFixture } from '../actionsFixture.ts'

export type ErrorStage = Awaited<ReturnType<typeof startErrorStage>>

/** A devnet with a proxy before each service, and what the cases of errors share. */
export async function startErrorStage() {
  const devnet = await startDevnet()
  const fixture = actionsFixture(devnet)
  const bundler = await startServiceProxy(devnet.bundlerUrl)
  const paymaster = await startServiceProxy(devnet.paymasterUrl)
  const node = await startServiceProxy(devnet.rpcUrl)
  const testClient = createTestClient({
    chain: devnet.chain,
    mode: 'anvil',
    transport: http(devnet.rpcUrl),
  })
  const proxies = [bundler, paymaster, node]

  const { contracts } = devnet
  const policy = defaultMarketplacePolicy({
    ...contracts,
    budgetWei: budgets.demo,
    operationWei: caps.operation,
    maxFeePerGas: caps.maxFeePerGas,
    userDayWei: caps.userDay,
    entryPoints: contracts.deployments.map(({ entryPoint }) => entryPoint),
    factories: contracts.deployments.map(({ accountFactory }) => accountFactory),
    delegates: contracts.deployments.map(({ accountImplementation }) => accountImplementation),
    accounts: await readAccountCode(fixture.publicClient, contracts),
  })
  const askBundler = (method: string, params: unknown[] = []) =>
    ask(devnet.bundlerUrl, method, params)

  /** A job of a renter, and somebody else who hosts. */
  const postedJob = async () => {
    const renter = await fixture.createRenter('1')
    const { jobId } = await renter.postJobSync(job)
    return { renter, jobId }
  }

  /** A renter with an app that may post jobs for it. */
  const postingApp = async (
    grant: Partial<Omit<GrantSessionParameters, 'expiresAt' | 'expiresIn'>> & {
      expiresIn?: Duration
    } = {},
    amount = '5',
  ) => {
    const key = freshKey()
    const renter = await fixture.createRenter(amount)
    const granted = await renter.grantSession({
      key: key.address,
      expiresIn: '1h',
      scope: ['postJob'],
      spend: { usdc: { total: usdc(3) } },
      ...grant,
    })
    return { renter, key, grant: granted, app: renter.withSession(granted, key) }
  }

  return {
    ...fixture,
    devnet,
    testClient,
    bundler,
    paymaster,
    node,
    job,
    policy,
    viaBundler: () => http(bundler.url, { retryCount: 0 }),
    viaPaymaster: (apiKey: string = apiKeys.demo) => sponsoredBy(paymaster, apiKey),
    viaNode: () => http(node.url, { retryCount: 0 }),
    postedJob,
    postingApp,
    admin: adminOf(devnet),
    ask: askBundler,
    /** Everything as it was, for the next case. */
    async reset() {
      for (const proxy of proxies) proxy.answer()
      await askBundler('debug_bundler_setBundlingMode', ['auto'])
      await askBundler('debug_bundler_clearReputation')
    },
    async close() {
      await Promise.all(proxies.map((proxy) => proxy.close()))
      await devnet.close()
    },
  }
}

/** One USDC for a prompt. */
const job: { model: string; prompt: string; payment: TokenAmount } = {
  model: 'llama-70b',
  prompt: 'bafyprompt',
  payment: usdc(1),
}

function sponsoredBy({ url }: ServiceProxy, apiKey: string): Transport {
  return http(url, {
    retryCount: 0,
    fetchOptions: { headers: { Authorization: `Bearer ${apiKey}` } },
  })
}

async function ask(url: string, method: string, params: unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  return ((await response.json()) as { result?: unknown }).result
}

/** The paymaster service's own administration. */
function adminOf({ paymasterUrl }: Devnet) {
  return async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const response = await fetch(`${paymasterUrl}/admin${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer = (await response.json()) as Record<string, unknown>
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
    return answer
  }
}
