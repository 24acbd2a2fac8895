import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  BundlerUnreachableError,
  ChainMismatchError,
  createFabstirClient,
  MalformedAnswerError,
  NodeUnavailableError,
  PaymasterUnreachableError,
  RateLimitedError,
  RequestRefusedError,
  toFabstirAccount,
} from '@fabstir/sdk'
import { createPublicClient, custom, http } from 'viem'
import { expect } from 'vitest'
import { startBundlerProcess } from '../../../../devnet/src/processes/bundlerProcess.ts'
import { freshKey } from '../../sdkFixture.ts'
import {
  type Answer,
  answering,
  lost,
  result,
  silent,
  startServiceProxy,
  tamper,
} from '../../sdkServiceProxy.ts'
import type { ErrorCase, ErrorClass } from './errorCase.ts'
import type { ErrorStage } from './errorStage.ts'

const failing =
  (code: number, message: string, data?: unknown): Answer =>
  async ({ id }) =>
    JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, data } })

/** An account of the chain behind the node's proxy. */
async function behindNodeProxy({ devnet, viaNode, sponsor, give }: ErrorStage, timeout = 30_000) {
  const client = createPublicClient({ chain: devnet.chain, transport: viaNode() })
  const account = await toFabstirAccount({
    client,
    owner: freshKey(),
    contracts: devnet.contracts,
  })
  await give.usdc(account.address, '1')
  const transport = http(devnet.bundlerUrl)
  return createFabstirClient({ account, transport, paymaster: sponsor(), timeout })
}

const services = {
  bundler: BundlerUnreachableError,
  paymaster: PaymasterUnreachableError,
  node: NodeUnavailableError,
} as const satisfies Record<string, ErrorClass>

/** What a service does to every request, and how the bottom of the causes shows it. */
const outages: readonly {
  when: string
  answer: Answer
  cause: Readonly<Record<string, unknown>>
  timeout?: number
}[] = [
  { when: 'ends every connection', answer: async () => lost, cause: {} },
  { when: 'never answers', answer: async () => silent, cause: {}, timeout: 700 },
  {
    when: 'answers with HTML',
    answer: async () => '<html><body>Welcome</body></html>',
    cause: { name: 'SyntaxError' },
  },
  {
    when: 'answers with half of a JSON',
    answer: async () => '{"jsonrpc":"2.0","id":1,"resu',
    cause: { name: 'SyntaxError' },
  },
  {
    when: 'answers 500',
    answer: async () => ({ status: 500, body: 'oh' }),
    cause: { status: 500 },
  },
  {
    when: 'answers 503 with HTML',
    answer: async () => ({ status: 503, body: '<html>down for maintenance</html>' }),
    cause: { status: 503 },
  },
]

const outageCases = Object.entries(services).flatMap(([service, error]) =>
  outages.map(
    ({ when, answer, cause, timeout }): ErrorCase => ({
      error,
      when: `the ${service} ${when}`,
      async happen(stage) {
        const { createRenter, viaBundler, viaPaymaster, job } = stage
        const transports = { transport: viaBundler(), paymaster: viaPaymaster() }
        const renter =
          service === 'node'
            ? await behindNodeProxy(stage, timeout)
            : await createRenter('1', { ...transports, ...(timeout && { timeout }) })
        stage[service as keyof typeof services].answer(answer)
        return renter.postJob(job)
      },
      cause,
    }),
  ),
)

/** A client with a bundler of its own that has these options. */
async function withBundler(
  { devnet, createRenter, job }: ErrorStage,
  options: readonly string[],
): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'fabstir-sdk-'))
  const own = await startBundlerProcess({
    rpcUrl: devnet.rpcUrl,
    port: 0,
    store: join(folder, 'bundler.sqlite'),
    options,
  })
  try {
    const transport = http(own.url, { retryCount: 0 })
    const renter = await createRenter('5', { transport })
    return await renter.postJob(job)
  } finally {
    await own.stop()
    await rm(folder, { recursive: true })
  }
}

/** What services do instead of answering, and what they refuse that has no class of its own. */
export const serviceCases: readonly ErrorCase[] = [
  ...outageCases,
  {
    error: BundlerUnreachableError,
    when: 'nobody listens at the bundler’s address',
    async happen({ createRenter, job, devnet }) {
      const gone = await startServiceProxy(devnet.bundlerUrl)
      await gone.close()
      return (await createRenter('1', { transport: http(gone.url, { retryCount: 0 }) })).postJob(
        job,
      )
    },
    cause: { code: 'ECONNREFUSED' },
  },
  {
    error: BundlerUnreachableError,
    when: 'a bundler without an address never answers',
    happen: async ({ createRenter, job }) =>
      (
        await createRenter('1', {
          transport: custom({ request: () => new Promise(() => undefined) }),
          timeout: 500,
        })
      ).postJob(job),
    cause: { name: 'TimeoutError' },
  },
  {
    error: NodeUnavailableError,
    when: 'a wallet that is the node never answers',
    async happen({ devnet, createClient, job, viaBundler }) {
      const { account } = await createClient()
      const client = createPublicClient({
        chain: devnet.chain,
        transport: custom({ request: () => new Promise(() => undefined) }),
      })
      return createFabstirClient({
        account,
        client,
        transport: viaBundler(),
        timeout: 500,
      }).postJob(job)
    },
    cause: { name: 'TimeoutError' },
  },
  {
    error: MalformedAnswerError,
    when: 'the bundler estimates nonsense',
    async happen({ bundler, createRenter, viaBundler, job }) {
      bundler.answer(tamper('eth_estimateUserOperationGas', answering({ callGasLimit: 'much' })))
      return (await createRenter('1', { transport: viaBundler() })).postJob(job)
    },
    fields: {
      service: 'bundler',
      method: 'eth_estimateUserOperationGas',
      answer: { callGasLimit: 'much' },
      details: '{"callGasLimit":"much"}',
    },
  },
  {
    error: MalformedAnswerError,
    when: 'the paymaster service answers for nobody',
    async happen({ paymaster, createRenter, viaPaymaster, job }) {
      paymaster.answer(tamper('pm_getPaymasterData', answering({})))
      return (await createRenter('1', { paymaster: viaPaymaster() })).postJob(job)
    },
    fields: { service: 'paymaster', method: 'pm_getPaymasterData', answer: {} },
  },
  {
    error: ChainMismatchError,
    when: 'the bundler is on another chain',
    async happen({ bundler, createRenter, viaBundler, job }) {
      bundler.answer(async (request, forward) => {
        if (request.method === 'eth_chainId') return result(request.id, '0x1')
        if (request.method !== 'eth_estimateUserOperationGas') return forward()
        return failing(-32602, 'unsupported EntryPoint')(request, forward)
      })
      return (await createRenter('1', { transport: viaBundler() })).postJob(job)
    },
    fields: { service: 'bundler', expected: 31_337, actual: 1 },
    cause: { code: -32602 },
  },
  {
    error: ChainMismatchError,
    when: 'the paymaster service is on another chain',
    async happen({ devnet, createClient, give, job, sponsor, viaBundler }) {
      const { account } = await createClient()
      const client = createFabstirClient({
        account,
        contracts: { ...devnet.contracts, chainId: 1 },
        chain: { ...devnet.chain, id: 1 },
        transport: viaBundler(),
        paymaster: sponsor(),
      })
      await give.usdc(account.address, '1')
      return client.postJob(job)
    },
    fields: { service: 'paymaster', expected: 1 },
    cause: { code: -32602 },
  },
  {
    error: ChainMismatchError,
    when: 'the node is on another chain',
    happen({ node, devnet, viaNode }) {
      node.answer(async ({ method, id }) => result(id, method === 'eth_chainId' ? '0x1' : '0x'))
      const client = createPublicClient({ chain: devnet.chain, transport: viaNode() })
      return toFabstirAccount({ client, owner: freshKey(), contracts: devnet.contracts })
    },
    fields: { service: 'node', expected: 31_337, actual: 1 },
  },
  {
    error: RateLimitedError,
    when: 'the bundler has a rate limit',
    happen: (stage) => withBundler(stage, ['--rate-limit', '1/2']),
    fields: { service: 'bundler', retryAfter: expect.any(Number) },
    cause: { code: -32005 },
  },
  {
    error: RateLimitedError,
    when: 'a gateway before the bundler answers 429',
    async happen({ bundler, createRenter, viaBundler, job }) {
      const headers = { 'retry-after': '3' }
      bundler.answer(async () => ({ status: 429, body: 'slow down', headers }))
      return (await createRenter('1', { transport: viaBundler() })).postJob(job)
    },
    fields: { service: 'bundler', retryAfter: 3000 },
    cause: { status: 429 },
  },
  {
    error: RequestRefusedError,
    when: 'the bundler wants an API key',
    happen: (stage) => withBundler(stage, ['--api-keys', 'app:a-key-of-the-errors-test']),
    fields: { service: 'bundler', code: -32011 },
    cause: { code: -32011 },
  },
  {
    error: RequestRefusedError,
    when: 'a gateway before the bundler answers 403',
    async happen({ bundler, createRenter, viaBundler, job }) {
      bundler.answer(async () => ({ status: 403, body: 'forbidden' }))
      return (await createRenter('1', { transport: viaBundler() })).postJob(job)
    },
    fields: { service: 'bundler', code: undefined, status: 403 },
    cause: { status: 403 },
  },
  {
    error: RequestRefusedError,
    when: 'the bundler has banned the sender',
    async happen({ ask, createRenter, job }) {
      const renter = await createRenter('3')
      await renter.postJobSync(job)
      const { address, entryPoint } = renter.account
      await ask('debug_bundler_setReputation', [
        [{ address, opsSeen: '0x2710', opsIncluded: '0x0' }],
        entryPoint.address,
      ])
      return renter.postJob(job)
    },
    fields: { service: 'bundler', code: -32504 },
    cause: { code: -32504 },
  },
  {
    error: RequestRefusedError,
    when: 'another operation of the sender’s nonce pays as much',
    async happen({ ask, createRenter, createClient, job }) {
      const owner = freshKey()
      const renter = await createRenter('3', { owner })
      await renter.postJobSync(job)
      await ask('debug_bundler_setBundlingMode', ['manual'])
      await renter.postJob(job)
      return (await createClient({ owner })).postJob({ ...job, prompt: 'bafyother' })
    },
    fields: { service: 'bundler', code: -32602 },
    cause: { code: -32602 },
  },
  {
    error: RequestRefusedError,
    when: 'the node refuses a question',
    async happen(stage) {
      const renter = await behindNodeProxy(stage)
      stage.node.answer(tamper('eth_call', failing(-32603, 'internal error')))
      return renter.getJob({ jobId: 1n })
    },
    fields: { service: 'node', code: -32603 },
    cause: { code: -32603 },
  },
  {
    error: RequestRefusedError,
    when: 'gas is to be paid in a token, and the paymaster service takes none',
    async happen({ createClient, devnet, give, job, sponsor }) {
      const { account } = await createClient()
      await give.usdc(account.address, '1')
      const client = createFabstirClient({
        account,
        transport: http(devnet.bundlerUrl),
        paymaster: sponsor(),
        paymasterContext: { token: devnet.contracts.usdc },
      })
      return client.postJob(job)
    },
    fields: { service: 'paymaster', code: -32602 },
    cause: { code: -32602 },
  },
]
