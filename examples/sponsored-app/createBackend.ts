import { randomBytes } from 'node:crypto'
import fastify, { type FastifyInstance } from 'fastify'
import { type Address, type Chain, createPublicClient, type Hex, http, isAddressEqual } from 'viem'
import { generateSiweNonce, parseSiweMessage } from 'viem/siwe'
import { ExpiringMap } from './expiringMap.ts'
import { loginBody, sponsorBody } from './schemas.ts'

export type BackendOptions = {
  /** Whom users sign in to. */
  domain: string
  chain: Chain
  rpcUrl: string
  sponsorUrl: string
  /** API key of the paymaster service. It never leaves the backend. */
  sponsorKey: string
  /** Milliseconds in which node and sponsor have to answer; 10,000 by default. */
  timeout?: number
  /** Nonces that wait for a login, and logins, each; 10,000 by default. The oldest go: those users log in again. */
  mostKept?: number
}

const minute = 60_000
/** Bytes. An operation that deploys an account and installs a key takes some 10,000. */
const bodyLimit = 64 * 1024
const sponsored = new Set(['pm_getPaymasterStubData', 'pm_getPaymasterData'])

/** Anybody may ask it anything: what one request can make it hold or wait for is bounded. */
export function createBackend({
  timeout = 10_000,
  mostKept: most = 10_000,
  ...options
}: BackendOptions): FastifyInstance {
  const { domain, chain, rpcUrl, sponsorUrl, sponsorKey } = options
  const client = createPublicClient({ chain, transport: http(rpcUrl, { timeout, retryCount: 0 }) })

  /** Each is good for one login. */
  const nonces = new ExpiringMap<true>({ lifetime: 5 * minute, most })
  /** Who is logged in, by token. */
  const users = new ExpiringMap<Address>({ lifetime: 60 * minute, most })

  // An id is a number or text, and a context may be left out.
  const ajv = { customOptions: { allowUnionTypes: true, strictTuples: false } }
  const app = fastify({ bodyLimit, ajv })

  app.get('/nonce', () => {
    const nonce = generateSiweNonce()
    nonces.set(nonce, true)
    return { nonce }
  })

  /** Sign-In with Ethereum. The chain verifies the account's signature, also before the account exists (ERC-6492). */
  app.post<{ Body: { message: string; signature: Hex } }>(
    '/login',
    { schema: { body: loginBody } },
    async ({ body: { message, signature } }, reply) => {
      const { address: user, nonce = '' } = parseSiweMessage(message)
      const login = { message, signature, domain, nonce }
      // What cannot be verified is not signed. The reason is not told: it may name the node, whose address may hold a key.
      const isSigned = () => client.verifySiweMessage(login).catch(() => false)
      if (!user || !nonces.take(nonce) || !(await isSigned()))
        return reply.code(401).send({ error: 'not signed in' })
      const token = randomBytes(32).toString('base64url')
      users.set(token, user)
      return { token }
    },
  )

  /** ERC-7677, for the sender that is logged in and nobody else. The context is the app's, not the user's. */
  app.post<{ Body: { id: unknown; method: string; params: [{ sender: Address }, Address, Hex] } }>(
    '/sponsor',
    { schema: { body: sponsorBody } },
    async ({ headers: { authorization = '' }, body: { id, method, params } }, reply) => {
      const refuse = (code: number, message: string) => ({
        jsonrpc: '2.0',
        id,
        error: { code, message },
      })
      const user = users.get(authorization.replace('Bearer ', ''))
      if (!user) return refuse(-32011, 'log in first')
      if (!sponsored.has(method)) return refuse(-32601, `${method} is not offered`)
      const [operation, entryPoint, chainId] = params
      if (!isAddressEqual(operation.sender, user))
        return refuse(-32011, `you are logged in as ${user}, not as ${operation.sender}`)
      try {
        const answer = await fetch(sponsorUrl, {
          method: 'POST',
          headers: { authorization: `Bearer ${sponsorKey}`, 'content-type': 'application/json' },
          body: JSON.stringify({
            jsonrpc: '2.0',
            id,
            method,
            params: [operation, entryPoint, chainId, {}],
          }),
          signal: AbortSignal.timeout(timeout),
          // The key is for this address and no other.
          redirect: 'error',
        })
        return await answer.json()
      } catch {
        return reply.code(502).send(refuse(-32603, 'the sponsor does not answer'))
      }
    },
  )

  return app
}
