import { createClient, custom, RpcRequestError } from 'viem'
import { describe, expect, test } from 'vitest'
import { failover } from './failover.ts'

type Answer = (method: string) => unknown

/** Bundlers that answer as they are told; which were asked for what, in order. */
function bundlers(...answers: Answer[]) {
  const asked: string[] = []
  const transports = answers.map((answer, index) =>
    custom({
      async request({ method }: { method: string }) {
        asked.push(`${index} ${method}`)
        return answer(method)
      },
    }),
  )
  const { transport } = createClient({ transport: failover(transports, { timeout: 20 }) })
  const request = (method: string, params: unknown[] = []): Promise<unknown> =>
    transport.request({ method, params } as never)
  return { asked, request, transport }
}
const failing = (code: number) => () => {
  throw new RpcRequestError({ body: {}, url: 'x', error: { code, message: 'no' } })
}
const dead = () => {
  throw new Error('connection refused')
}
const hanging = () => new Promise(() => undefined)
const send = 'eth_sendUserOperation'
const receipt = 'eth_getUserOperationReceipt'

describe('failover', () => {
  test.each([
    { name: 'is dead', first: dead },
    { name: 'hangs', first: hanging },
    { name: 'takes no more requests', first: failing(-32005) },
    { name: 'has lost its node', first: failing(-32000) },
    { name: 'does not know the method', first: failing(-32601) },
  ])(
    'asks the second when the first $name, and the second first from then on',
    async ({ first }) => {
      const { asked, request } = bundlers(first, () => 'ok')
      expect(await request(send)).toBe('ok')
      expect(await request(send)).toBe('ok')
      expect(asked).toEqual([`0 ${send}`, `1 ${send}`, `1 ${send}`])
    },
  )

  test.each([-32500, -32502, -32521, -32602])(
    '%d is said of the operation: nobody else is asked',
    async (code) => {
      const { asked, request } = bundlers(failing(code), () => 'ok')
      await expect(request(send)).rejects.toMatchObject({ code })
      expect(asked).toEqual([`0 ${send}`])
    },
  )

  test('comes back to the first when the second fails', async () => {
    let secondIsUp = true
    const { request } = bundlers(
      () => (secondIsUp ? dead() : 'first'),
      () => (secondIsUp ? 'second' : dead()),
    )
    expect(await request(send)).toBe('second')
    secondIsUp = false
    expect(await request(send)).toBe('first')
  })

  test('fails with the failure of the last when all do', async () => {
    const { request } = bundlers(dead, failing(-32005))
    await expect(request(send)).rejects.toMatchObject({ code: -32005 })
  })

  test.each([
    { method: receipt, unknown: null, known: { userOpHash: '0x' } },
    { method: 'eth_getUserOperationByHash', unknown: undefined, known: {} },
    {
      method: 'pimlico_getUserOperationStatus',
      unknown: { status: 'not_found' },
      known: { status: 'submitted' },
    },
    {
      method: 'pimlico_getUserOperationStatus',
      unknown: { status: 'rejected' },
      known: { status: 'not_submitted' },
    },
    {
      method: 'pimlico_getUserOperationStatus',
      unknown: { status: 'failed' },
      known: { status: 'included' },
    },
  ])(
    '$method: what one does not have, another may ($unknown)',
    async ({ method, unknown, known }) => {
      const second = bundlers(
        () => unknown,
        () => known,
      )
      expect(await second.request(method)).toEqual(known)
      const hung = bundlers(
        () => unknown,
        hanging,
        () => known,
      )
      expect(await hung.request(method)).toEqual(known)
      const nobody = bundlers(() => unknown, dead)
      expect(await nobody.request(method)).toEqual(unknown)
    },
  )

  test('resend sends to all, whatever they say', async () => {
    const { asked, transport } = bundlers(dead, failing(-32500), () => 'ok')
    await (transport as unknown as { resend(params: unknown[]): Promise<unknown> }).resend(['op'])
    expect(asked).toEqual([`0 ${send}`, `1 ${send}`, `2 ${send}`])
  })

  test('of nothing is a mistake in the program, and is said at once', () => {
    expect(() => failover([])).toThrow(new TypeError('failover takes one transport or more.'))
  })
})
