import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { hexToBigInt, zeroHash } from 'viem'
import { expect, test } from 'vitest'
import { testFactory, testSender } from '../testing/fixtures.ts'
import { httpChainReader } from './chainReader.ts'

type Call = { id: number; method: string; params: [{ gas: `0x${string}` }] }

const answers: Record<string, unknown> = {
  eth_getBlockByNumber: { number: '0x1', hash: zeroHash, timestamp: '0x1' },
  eth_getCode: '0x',
  eth_getStorageAt: zeroHash,
  eth_call: zeroHash,
}

test("a factory that runs a client's data has a bounded amount of gas", async () => {
  const asked: Call[] = []
  const server = createServer(async (request, response) => {
    const calls = (await json(request)) as Call[]
    asked.push(...calls)
    const answered = calls.map(({ id, method }) => ({
      jsonrpc: '2.0',
      id,
      result: answers[method],
    }))
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answered))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const creation = { factory: testFactory, factoryData: '0x01', caller: testFactory } as const
  await httpChainReader(`http://127.0.0.1:${port}`).senderState(testSender, creation, [])
  server.close()
  const [call] = asked.filter(({ method }) => method === 'eth_call')
  expect(hexToBigInt(call?.params[0].gas ?? '0x0')).toBe(10_000_000n)
})
