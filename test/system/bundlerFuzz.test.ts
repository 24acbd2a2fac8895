import { connect } from 'node:net'
import { entryPointAdapters } from '@fabstir/erc4337'
import fc from 'fast-check'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Bundler } from '../../bundler/src/bundler.ts'
import { createBundler } from '../../bundler/src/bundler.ts'
import { rpcResult } from '../fixtures/bundlerClient.ts'
import { deploySimpleAccounts, sign, unsigned } from '../fixtures/simpleAccounts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'
import type { GoodOperation } from '../fuzz/requests.ts'
import { body, frames, wire } from '../fuzz/requests.ts'
import { judge } from '../fuzz/verdict.ts'

/** `pnpm fuzz:bundler` sets these; without them it is a short look. */
const runs = Number(process.env.FABSTIR_FUZZ_RUNS ?? 250)
const seed = process.env.FABSTIR_FUZZ_SEED
const parameters = { numRuns: runs, ...(seed !== undefined && { seed: Number(seed) }) }
/** Milliseconds for one answer; the bundler itself gives a request three seconds to arrive. */
const ANSWER_MS = 10_000
const testTimeout = 60_000 + runs * 500

let chain: TestChain
let bundler: Bundler
let good: GoodOperation[]
let secrets: string[]
const acknowledged = new Set<unknown>()

beforeAll(async () => {
  chain = await startTestChain()
  const accounts = await deploySimpleAccounts(chain)
  good = await Promise.all(
    entryPointAdapters.map(async (entryPoint) => {
      const account = await accounts.counterfactual(entryPoint.version)
      const op = unsigned(account, {
        deploy: true,
        callGasLimit: 200_000n,
        verificationGasLimit: 1_000_000n,
        preVerificationGas: 100_000n,
      })
      const operation = entryPoint.toRpc(await sign(account, op, chain.chainId))
      return { entryPoint: entryPoint.address, operation: { ...operation } }
    }),
  )
  const executor = generatePrivateKey()
  await chain.client.setBalance({ address: privateKeyToAddress(executor), value: parseEther('1') })
  secrets = [executor.slice(2), chain.rpcUrl, new URL(chain.rpcUrl).host, process.cwd()]
  bundler = await createBundler({
    rpcUrl: chain.rpcUrl,
    executorPrivateKeys: [executor],
    port: 0,
    store: 'memory',
    bundleMode: 'manual',
    debugRpc: true,
    logLevel: 'silent',
  })
})
afterAll(async () => {
  await bundler?.close()
  await chain?.stop()
})

/** After whatever came, it is sound, and holds what it acknowledged and nothing else. */
afterEach(async () => {
  expect(await rpcResult(bundler.url, 'eth_chainId')).toBe(`0x${chain.chainId.toString(16)}`)
  expect((await fetch(`${bundler.url}/health`)).status).toBe(200)
  for (const { address } of entryPointAdapters) {
    const pending = await rpcResult(bundler.url, 'debug_bundler_dumpMempool', [address])
    expect(pending).toBeInstanceOf(Array)
    for (const operation of pending as Record<string, unknown>[]) {
      expect(acknowledged).toContain(keyOf(operation))
    }
  }
})

/** What makes an operation the one that was acknowledged; a nonce may be padded on its way in. */
function keyOf({ sender, nonce, signature }: Record<string, unknown>): string {
  const sequence = /^0x[0-9a-f]+$/i.test(String(nonce)) ? BigInt(String(nonce)) : nonce
  return [sender, sequence, signature].map((field) => String(field).toLowerCase()).join()
}

async function post(text: string): Promise<void> {
  const response = await fetch(bundler.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: text,
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  const answer = await response.text()
  judge(response.status, answer, { secrets })
  remember(text, answer)
}

/** A notification (no id) has no answer, so what it sends counts as acknowledged. */
function remember(text: string, answer: string) {
  const accepted = answer.includes('"result":"0x')
  for (const request of parsed(text)) {
    const { params } = Object(request)
    const [operation] = Array.isArray(params) ? params : []
    const silent = !Object.hasOwn(Object(request), 'id')
    if ((accepted || silent) && Object(operation) === operation) acknowledged.add(keyOf(operation))
  }
}

function parsed(text: string): unknown[] {
  try {
    return [JSON.parse(text)].flat()
  } catch {
    return []
  }
}

/** Sends bytes and waits for the end of the connection, which the client half-closes. */
async function sendBytes(bytes: Uint8Array, before = ''): Promise<string> {
  const socket = connect(bundler.port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => void chunks.push(chunk))
  // A reset is an answer as well: what counts is that it comes.
  socket.on('error', () => undefined)
  const closed = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`open after ${ANSWER_MS} ms`)), ANSWER_MS)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
  if (before !== '') {
    socket.write(before)
    await Promise.race([new Promise((resolve) => socket.once('data', resolve)), closed])
  }
  socket.end(bytes)
  await closed
  return Buffer.concat(chunks).toString('latin1')
}

test(
  'requests that are nearly right get a clear answer in bounded time',
  async () => {
    await fc.assert(fc.asyncProperty(body(good), post), parameters)
  },
  testTimeout,
)

test(
  'bytes on the wire never get a 5xx, nor see the inside',
  async () => {
    const property = fc.asyncProperty(wire, async (bytes) => {
      const answer = await sendBytes(bytes)
      for (const [, status] of answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
        expect(Number(status)).toBeLessThan(500)
      }
      for (const secret of secrets) expect(answer).not.toContain(secret)
      expect(answer).not.toMatch(/node_modules|\bat \S+ \(|\.ts\b|Error:/)
    })
    await fc.assert(property, parameters)
  },
  testTimeout,
)

test(
  'WebSocket frames of any shape end in an answer or a close',
  async () => {
    const upgrade =
      'GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n' +
      'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'
    const property = fc.asyncProperty(frames, async (bytes) => {
      const answer = await sendBytes(bytes, upgrade)
      expect(answer).toContain('101 Switching Protocols')
      for (const secret of secrets) expect(answer).not.toContain(secret)
    })
    await fc.assert(property, parameters)
  },
  testTimeout,
)
