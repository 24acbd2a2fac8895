/**
 * An app that pays for its users. Its backend holds the API key of the paymaster service, which would be public in a
 * page, and passes on what logged-in users ask for their own accounts. What is paid for, the sponsor's policy says.
 * SPONSOR_KEY=… node sponsored-app/backend.ts
 */
import { randomBytes } from 'node:crypto'
import fastify from 'fastify'
import { type Address, type Hex, isAddressEqual } from 'viem'
import { generateSiweNonce, parseSiweMessage } from 'viem/siwe'
import { client } from '../connection.ts'
import { domain } from './domain.ts'

const {
  SPONSOR_URL = 'http://127.0.0.1:4338/',
  SPONSOR_KEY = 'fabstir-devnet-demo',
  PORT = '4000',
} = process.env
const minutes = 60_000

/** When a nonce ends. Each is good for one login. */
const nonces = new Map<string, number>()
const sessions = new Map<string, { user: Address; endsAt: number }>()

const app = fastify()

app.get('/nonce', () => {
  for (const [nonce, endsAt] of nonces) if (endsAt < Date.now()) nonces.delete(nonce)
  for (const [token, { endsAt }] of sessions) if (endsAt < Date.now()) sessions.delete(token)
  const nonce = generateSiweNonce()
  nonces.set(nonce, Date.now() + 5 * minutes)
  return { nonce }
})

/** Sign-In with Ethereum. The chain verifies the account's signature, also before the account exists (ERC-6492). */
app.post<{ Body: { message: string; signature: Hex } }>(
  '/login',
  { schema: { body: strings('message', 'signature') } },
  async ({ body: { message, signature } }, reply) => {
    const { address: user, nonce = '' } = parseSiweMessage(message)
    const isOffered = (nonces.get(nonce) ?? 0) > Date.now()
    nonces.delete(nonce)
    const login = { message, signature, domain, nonce }
    if (!user || !isOffered || !(await client.verifySiweMessage(login)))
      return reply.code(401).send({ error: 'not signed in' })
    const token = randomBytes(32).toString('base64url')
    sessions.set(token, { user, endsAt: Date.now() + 60 * minutes })
    return { token }
  },
)

const sponsored = new Set(['pm_getPaymasterStubData', 'pm_getPaymasterData'])

/** ERC-7677, for the sender that is logged in and nobody else. The context is the app's, not the user's. */
app.post<{ Body: { id: unknown; method: string; params: [{ sender: Address }, Address, Hex] } }>(
  '/sponsor',
  { schema: { body: rpcRequest() } },
  async ({ headers: { authorization = '' }, body: { id, method, params } }) => {
    const refuse = (code: number, message: string) => ({
      jsonrpc: '2.0',
      id,
      error: { code, message },
    })
    const session = sessions.get(authorization.replace('Bearer ', ''))
    if (!session || session.endsAt < Date.now()) return refuse(-32011, 'log in first')
    if (!sponsored.has(method)) return refuse(-32601, `${method} is not offered`)
    const [operation, entryPoint, chainId] = params
    if (!isAddressEqual(operation.sender, session.user))
      return refuse(-32011, `you are logged in as ${session.user}, not as ${operation.sender}`)
    const answer = await fetch(SPONSOR_URL, {
      method: 'POST',
      headers: { authorization: `Bearer ${SPONSOR_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id,
        method,
        params: [operation, entryPoint, chainId, {}],
      }),
    })
    return answer.json()
  },
)

/** The first parameter of both methods is the operation, of which the sender is read here. */
function rpcRequest() {
  const operation = {
    type: 'object',
    required: ['sender'],
    properties: { sender: { type: 'string', pattern: '^0x[0-9a-fA-F]{40}$' } },
  }
  return {
    type: 'object',
    required: ['id', 'method', 'params'],
    properties: {
      method: { type: 'string' },
      params: {
        type: 'array',
        minItems: 3,
        items: [operation, { type: 'string' }, { type: 'string' }],
      },
    },
  }
}

function strings(...names: readonly string[]) {
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]))
  return { type: 'object', required: names, properties }
}

console.log(`backend ${await app.listen({ port: Number(PORT) })}`)
