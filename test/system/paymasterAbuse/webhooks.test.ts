import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { entryPoint08Address } from 'viem/account-abstraction'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyWebhook } from '../../../paymaster-service/src/service.ts'
import { newAccount, newOperation } from '../paymasterFixture.ts'
import { include } from '../paymasterUsage.ts'
import type { AbuseStack } from './abuseStack.ts'
import { startAbuseStack } from './abuseStack.ts'
import { ask, expectRefused, signFinal, sponsor } from './asking.ts'
import { billOf, books } from './bill.ts'

/** Whoever stands between the service and an app's willSponsor webhook, or has taken it over. */
const entryPoint = entryPoint08Address
const secret = 'the-secret-of-every-webhook-of-this-test'
const yes = '{"sponsor":true}'
const signature = `t=1700000000,v1=${'ab'.repeat(32)}`
const late: ServerResponse[] = []
let followed = 0
const asked: { header: string; body: string }[] = []

/** What each path answers. */
const answers: Record<string, (response: ServerResponse, body: string) => void> = {
  hangs: () => undefined,
  hangsWithin: (response) => void response.writeHead(200).write('{"sponsor":'),
  late: (response) => void late.push(response),
  huge: (response) => void response.end(`${yes}${' '.repeat(20_000)}`),
  bomb: (response) =>
    void response
      .writeHead(200, { 'content-encoding': 'gzip' })
      .end(gzipSync(`${yes}${' '.repeat(5_000_000)}`)),
  redirect: (response) => void response.writeHead(307, { location: '/followed' }).end(),
  followed(response) {
    followed++
    response.end(yes)
  },
  says: (response) => void response.end('{"sponsor":"true","signature":"valid"}'),
  signs: (response) => void response.writeHead(202, { 'fabstir-signature': signature }).end(yes),
  echoes: (response, body) => void response.end(body),
  closes: (response) => void response.destroy(),
  refuses: (response) => void response.end('{"sponsor":false,"reason":"not today"}'),
  agrees: (response) => void response.end(yes),
}
const hook = createServer(async (request: IncomingMessage, response: ServerResponse) => {
  let body = ''
  for await (const chunk of request) body += chunk
  asked.push({ header: `${request.headers['fabstir-signature']}`, body })
  answers[`${request.url}`.slice(1)]?.(response, body)
})
let stack: AbuseStack

beforeAll(async () => {
  hook.listen(0, '127.0.0.1')
  await once(hook, 'listening')
  const { port } = hook.address() as AddressInfo
  const apps = Object.keys(answers).map((path) => {
    const url = `http://127.0.0.1:${port}/${path}`
    return [path, { willSponsor: { url, timeoutMs: 200 } }] as const
  })
  stack = await startAbuseStack(Object.fromEntries(apps), {
    options: {
      allowPrivateWebhooks: true,
      willSponsorSecrets: Object.fromEntries(apps.map(([app]) => [app, secret])),
    },
  })
})
afterAll(async () => {
  await stack?.close()
  hook.closeAllConnections()
  hook.close()
})

const noAnswer = /the webhook gave no answer in time/
const noVerdict = /expected \{"sponsor": true\} or \{"sponsor": false, "reason"\}/

test.each<[string, string, RegExp]>([
  ['hangs', 'will-sponsor.unavailable', noAnswer],
  ['hangsWithin', 'will-sponsor.unavailable', noAnswer],
  ['late', 'will-sponsor.unavailable', noAnswer],
  ['huge', 'will-sponsor.unavailable', noAnswer],
  ['closes', 'will-sponsor.unavailable', noAnswer],
  ['redirect', 'will-sponsor.unavailable', /HTTP status 307/],
  ['signs', 'will-sponsor.unavailable', /HTTP status 202/],
  // Nothing was asked to be packed, and nothing is unpacked.
  ['bomb', 'will-sponsor.invalid', noVerdict],
  ['says', 'will-sponsor.invalid', noVerdict],
  ['echoes', 'will-sponsor.invalid', noVerdict],
  ['refuses', 'will-sponsor.refused', /not today/],
])(
  'P-24 a webhook that %s refuses, at both stages, and holds nothing back',
  async (app, rule, numbers) => {
    const op = newOperation(stack, await newAccount(stack, entryPoint))
    const bill = await billOf(stack, app, async () => {
      for (const method of ['pm_getPaymasterStubData', 'pm_getPaymasterData'] as const)
        expectRefused(await ask(stack, op, { app, method }), rule, numbers)
      // Yes comes after the answer: it is for nobody.
      for (const response of late.splice(0)) response.end(yes)
    })
    expect(bill).toBe(0n)
    expect(await books(stack, app)).toMatchObject({ reserved: 0n, settled: 0n, operations: 0 })
    expect(followed).toBe(0)
  },
)

test('P-24 many requests that a webhook lets hang hold nothing back, and the others go on', async () => {
  const ops = await Promise.all(
    Array.from({ length: 20 }, async () =>
      newOperation(stack, await newAccount(stack, entryPoint)),
    ),
  )
  let paid = 0n
  const bill = await billOf(stack, 'agrees', async () => {
    const hanging = ops.map((op) => ask(stack, op, { app: 'hangs' }))
    const mine = await sponsor(stack, { app: 'agrees' })
    paid = (await include(stack, entryPoint, await signFinal(mine))).actualGasCost
    for (const answer of await Promise.all(hanging))
      expectRefused(answer, 'will-sponsor.unavailable', noAnswer)
  })
  expect(bill).toBe(paid)
  expect((await books(stack, 'hangs')).reserved).toBe(0n)
})

test('P-24 an app can tell a question of the service from anybody else’s', () => {
  const now = Math.floor(Date.now() / 1_000)
  const question = asked.find(({ body }) => body.includes('"stage":"sponsorship"'))
  if (!question) throw new RangeError('no webhook was asked')
  const { header, body } = question
  expect(verifyWebhook(secret, { header, body, now })).toBe(true)
  const cheaper = body.replace(/"maxCost":"0x\w+"/, '"maxCost":"0x1"')
  expect(cheaper).not.toBe(body)
  expect(verifyWebhook(secret, { header, body: cheaper, now })).toBe(false)
  expect(verifyWebhook(secret, { header, body, now: now + 600 })).toBe(false)
  expect(verifyWebhook('the-secret-of-another-app-of-this-test', { header, body, now })).toBe(false)
  expect(verifyWebhook(secret, { header: signature, body, now: 1_700_000_000 })).toBe(false)
})
