import type { IncomingMessage } from 'node:http'
import type { Voucher } from '@fabstir/sdk'
import { http, isAddress, isHex, type PublicClient } from 'viem'
import { createDemoHost } from './demoHost.ts'
import { createDemoRenter } from './demoRenter.ts'
import type { DevnetFaucet } from './devnetFaucet.ts'
import { type JsonObject, readJson } from './readJson.ts'
import { RequestError } from './requestError.ts'
import { createSponsorProxy } from './sponsorProxy.ts'
import type { WalletServerOptions } from './walletServer.ts'

export type Answer = { status: number; body: string | object }
export type Route = (request: IncomingMessage, origin: string) => Promise<Answer>

/** What the server does for its page, by method and path. */
export function createRoutes({
  client,
  faucet,
  ...options
}: WalletServerOptions & { client: PublicClient; faucet: DevnetFaucet }): ReadonlyMap<
  string,
  Route
> {
  const { rpcUrl, bundlerUrl, sponsorUrl, sponsorKey } = options
  const askSponsor = createSponsorProxy({ url: sponsorUrl, apiKey: sponsorKey })

  const fetchOptions = { headers: { authorization: `Bearer ${sponsorKey}` } }
  const demo = {
    ...{ client, faucet, bundler: http(bundlerUrl), sponsor: http(sponsorUrl, { fetchOptions }) },
  }
  const host = lazily(() => createDemoHost(demo))
  const renter = lazily(() => createDemoRenter(demo))

  const get =
    (answer: () => object | Promise<object>): Route =>
    async () =>
      ok(await answer())
  const post =
    (answer: (body: JsonObject) => Promise<object>): Route =>
    async (request, origin) =>
      ok(await answer(await readJson(request, origin)))

  return new Map<string, Route>([
    ['GET /config', get(() => ({ rpcUrl, bundlerUrl }))],
    ['POST /sponsor', async (request, origin) => askSponsor(await readJson(request, origin))],
    [
      'POST /faucet',
      post(async (body) => {
        const address = readAddress(body)
        await (body.stake === true ? faucet.giveStake(address) : faucet.giveUsdc(address))
        return {}
      }),
    ],
    ['POST /host', post(async () => (await host()).offer)],
    [
      'POST /host/answer',
      post(async (body) => {
        const { text, tokens } = await (await host()).answer(
          readId(body, 'sessionId'),
          readPrompt(body),
        )
        return { text, tokens: tokens.toString() }
      }),
    ],
    [
      'POST /host/checkpoint',
      post(async (body) => {
        const hash = await (await host()).checkpoint(readVoucher(body))
        return { hash }
      }),
    ],
    [
      'POST /host/settle',
      post(async (body) => {
        const hash = await (await host()).settle(readId(body, 'sessionId'))
        return { hash }
      }),
    ],
    [
      'POST /renter/job',
      post(async () => {
        const jobId = await (await renter()).postJob()
        return { jobId: jobId.toString() }
      }),
    ],
    [
      'POST /renter/release',
      post(async (body) => {
        const hash = await (await renter()).release(readId(body, 'jobId'))
        return { hash }
      }),
    ],
  ])
}

/** Made when it is first wanted, and once; again when that failed. */
function lazily<value>(make: () => Promise<value>): () => Promise<value> {
  let making: Promise<value> | undefined
  return () => {
    making ??= make().catch((error: unknown) => {
      making = undefined
      throw error
    })
    return making
  }
}

const ok = (body: object): Answer => ({ status: 200, body })

function readAddress({ address }: JsonObject) {
  if (typeof address !== 'string' || !isAddress(address))
    throw new RequestError(400, 'address: no address')
  return address
}

function readId(body: JsonObject, field: string): bigint {
  const text = body[field]
  if (typeof text !== 'string' || !/^\d{1,78}$/.test(text))
    throw new RequestError(400, `${field}: expected decimal text`)
  return BigInt(text)
}

const longestPrompt = 500

function readPrompt({ prompt }: JsonObject): string {
  if (typeof prompt !== 'string' || prompt.trim() === '' || prompt.length > longestPrompt)
    throw new RequestError(400, `prompt: expected 1 to ${longestPrompt} characters`)
  return prompt.trim()
}

function readVoucher(body: JsonObject): Voucher {
  const { transcriptHash, signature } = body
  if (!isHex(transcriptHash) || !isHex(signature))
    throw new RequestError(400, 'transcriptHash, signature: expected hex')
  const [sessionId, cumulativeTokens] = [
    readId(body, 'sessionId'),
    readId(body, 'cumulativeTokens'),
  ]
  return { sessionId, cumulativeTokens, transcriptHash, signature }
}
