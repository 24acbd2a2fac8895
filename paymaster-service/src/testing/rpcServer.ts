import { defaultEntryPoint } from '@fabstir/erc4337'
import { pino } from 'pino'
import { numberToHex } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { afterEach } from 'vitest'
import { hashApiKey } from '../access/apiKey.ts'
import type { KeyScope } from '../access/keyGrant.ts'
import { NodeUnavailableError } from '../chain/chainReader.ts'
import { createRequestCounter } from '../gate/requestCounter.ts'
import { parsePolicy } from '../policy/policy.ts'
import { noPrice } from '../price/priceSource.ts'
import { createIdentify } from '../rpc/identify.ts'
import { sponsorshipMethods } from '../rpc/pm/sponsorship.ts'
import { usageOf } from '../rpc/pm/usage.ts'
import { createServer } from '../rpc/server.ts'
import { localSigner } from '../signing/signer.ts'
import { createSponsor } from '../sponsorship/sponsor.ts'
import { StoreUnavailableError } from '../store/errors.ts'
import {
  testChainId,
  testCode,
  testGate,
  testOperation,
  testPaymaster,
  testPolicy,
} from './fixtures.ts'
import { openTestLedger } from './ledgers.ts'

export const key = 'a-key-of-the-app-under-test'
const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

export async function setUp({
  nodeIsDown = false,
  scope = {} as KeyScope,
  log = pino({ level: 'silent' }),
  requestTimeoutMs = 30_000,
} = {}) {
  const ledger = await openTestLedger('memory')
  const known = new Map(
    [testPolicy(), testPolicy({ id: 'other' })].map((document) => [
      document.id,
      parsePolicy(document),
    ]),
  )
  const policies = {
    policies: async (ids: readonly string[]) => ids.flatMap((id) => known.get(id) ?? []),
  }
  const sponsor = createSponsor({
    chainId: testChainId,
    chain: {
      async senderState() {
        if (nodeIsDown) throw new NodeUnavailableError(new Error('connect ECONNREFUSED'))
        return {
          timestamp: 0,
          code: testCode,
          storage: new Map(),
          delegate: undefined,
          created: undefined,
        }
      },
    },
    ledger,
    signer: localSigner(generatePrivateKey()),
    gate: testGate(),
    windowSeconds: 600,
    following: () => true,
    clock: () => 1_700_000_000,
    price: noPrice,
    priceMaxAge: 600,
  })
  const app = { name: 'test', policyIds: ['marketplace'], scope }
  const server = createServer({
    log,
    requestTimeoutMs,
    identify: createIdentify({
      configured: new Map([[hashApiKey(key), app]]),
      stored: { find: async () => undefined },
      counting: { count: createRequestCounter(), now: () => 0 },
      clock: () => 1_700_000_000,
    }),
    methods: new Map([
      ...sponsorshipMethods({
        chainId: testChainId,
        served: [{ entryPoint: defaultEntryPoint, paymaster: testPaymaster }],
        policies,
        sponsor,
        clock: () => 1_700_000_000,
      }),
      [
        'test_fail',
        async () => {
          throw new Error('a secret of the house')
        },
      ],
      [
        'test_store',
        async () => {
          throw new StoreUnavailableError('postgres://secret.example/db', new Error('refused'))
        },
      ],
    ]),
    usage: (asking) => usageOf(asking, policies, (policy) => ledger.usage(policy, 1_700_000_000)),
    faults: async () => [],
    problems: async () => (nodeIsDown ? ['the chain node does not answer'] : []),
  })
  closing.push(async () => {
    await server.close()
    await ledger.store.close()
  })
  return {
    server,
    async post(payload: unknown, { url = '/', authorization = `Bearer ${key}` } = {}) {
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
      const headers = { 'content-type': 'application/json', authorization }
      return server.inject({ method: 'POST', url, headers, payload: text })
    },
  }
}

export const rpcOperation = { ...defaultEntryPoint.toRpc(testOperation()) }
export const call = (params: unknown, method = 'pm_getPaymasterData') => ({
  jsonrpc: '2.0',
  id: 1,
  method,
  params,
})
export const params = (op: Record<string, unknown> = {}, ...rest: unknown[]) => {
  const [entryPoint, chainId, context] = [
    rest[0] ?? defaultEntryPoint.address,
    rest[1] ?? numberToHex(testChainId),
    rest[2] ?? null,
  ]
  return [{ ...rpcOperation, ...op }, entryPoint, chainId, context]
}
