import { fabstirPaymaster } from '@fabstir/paymaster-service/prool'
import { Server } from 'prool'
import { entryPoint08Address } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createPaymasterService } from '../../paymaster-service/src/service.ts'
import { localSigner } from '../../paymaster-service/src/signing/signer.ts'
import type { Stack } from './paymasterFixture.ts'
import {
  deploymentOf,
  newAccount,
  newOperation,
  serviceOptions,
  signerKey,
  sponsored,
  startStack,
} from './paymasterFixture.ts'

const entryPoint = entryPoint08Address
let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack?.anvil.stop())

const operation = async () => newOperation(stack, await newAccount(stack, entryPoint))

describe('prool', () => {
  let server: ReturnType<typeof Server.create>
  let url: string

  beforeAll(async () => {
    const { port: _, ...options } = serviceOptions(stack)
    server = Server.create({ instance: fabstirPaymaster(options), host: '127.0.0.1', port: 0 })
    await server.start()
    url = `http://127.0.0.1:${server.address()?.port}`
  })
  afterAll(() => server?.stop())

  test('starts a paymaster service with the first request, and it sponsors', async () => {
    const op = await sponsored({ url: `${url}/1` }, entryPoint, await operation())
    expect(op.paymaster).toBe(deploymentOf(stack.contracts, entryPoint).sponsorPaymaster)
  })

  test('stops it', async () => {
    const messages = (await (await fetch(`${url}/1/messages`)).json()) as string[]
    const [own = ''] = /http:\/\/[\d.:]+/.exec(messages.join()) ?? []
    expect((await fetch(`${own}/health`)).status).toBe(200)
    expect((await fetch(`${url}/1/stop`)).status).toBe(200)
    await expect(fetch(`${own}/health`)).rejects.toThrow()
  })
})

test('a service that is closed answers what is under way and takes nothing new', async () => {
  const { address, sign } = localSigner(signerKey)
  const asked = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const { signerKey: _, ...options } = serviceOptions(stack)
  const service = await createPaymasterService({
    ...options,
    signer: {
      address,
      async sign(digest) {
        asked.resolve()
        await released.promise
        return sign(digest)
      },
    },
  })
  const underWay = sponsored(service, entryPoint, await operation())
  await asked.promise
  let closed = false
  const closing = service.close().then(() => {
    closed = true
  })
  await vi.waitFor(() => expect(fetch(`${service.url}/health`)).rejects.toThrow())
  expect(closed).toBe(false)
  released.resolve()
  const { paymasterData = '0x' } = await underWay
  expect(paymasterData).toHaveLength(2 + 2 * 93)
  await closing
})
