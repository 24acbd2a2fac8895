import { fabstirBundler } from '@fabstir/bundler/prool'
import { Server } from 'prool'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rpcResult, sendOperation, waitForOperation } from '../fixtures/bundlerClient.ts'
import { deploySimpleAccounts, unsigned } from '../fixtures/simpleAccounts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'

let chain: TestChain
let server: ReturnType<typeof Server.create>
let url: string

beforeAll(async () => {
  chain = await startTestChain()
  const executorKey = generatePrivateKey()
  await chain.client.setBalance({
    address: privateKeyToAddress(executorKey),
    value: parseEther('10'),
  })
  const instance = fabstirBundler({
    rpcUrl: chain.rpcUrl,
    executorPrivateKeys: [executorKey],
    debugRpc: true,
  })
  server = Server.create({ instance, host: '127.0.0.1', port: 0 })
  await server.start()
  url = `http://127.0.0.1:${server.address()?.port}`
})
afterAll(async () => {
  await server?.stop()
  await chain?.stop()
})

test('prool starts a bundler with the first request, and an operation goes through it', async () => {
  const accounts = await deploySimpleAccounts(chain)
  const account = await accounts.counterfactual('0.9')
  const op = unsigned(account, { deploy: true })
  const hash = await sendOperation(`${url}/1`, account, op, chain.chainId)
  expect(await waitForOperation(`${url}/1`, hash)).toMatchObject({ success: true })
})

test('prool restarts it: with its journal in memory, empty', async () => {
  expect(await rpcResult(`${url}/1`, 'eth_chainId')).toBe('0x7a69')
  expect((await fetch(`${url}/1/restart`)).status).toBe(200)
  const entryPoints = (await rpcResult(`${url}/1`, 'eth_supportedEntryPoints')) as string[]
  const pending = await rpcResult(`${url}/1`, 'debug_bundler_dumpMempool', [entryPoints[0]])
  expect(pending).toEqual([])
})

test('prool stops it', async () => {
  const messages = (await (await fetch(`${url}/1/messages`)).json()) as string[]
  const [own = ''] = /http:\/\/[\d.:]+/.exec(messages.join()) ?? []
  expect((await fetch(`${own}/health`)).status).toBe(200)
  expect((await fetch(`${url}/1/stop`)).status).toBe(200)
  await expect(fetch(`${own}/health`)).rejects.toThrow()
})
