import {
  createFabstirClient,
  type FabstirClient,
  fab,
  getSession,
  toFabstirAccount,
  usdc,
  type Voucher,
} from '@fabstir/sdk'
import type { Address, Hash, PublicClient, Transport } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { countTokens } from '../countTokens.ts'
import { answerOf } from './answerOf.ts'
import type { DevnetFaucet } from './devnetFaucet.ts'
import { RequestError } from './requestError.ts'

export type DemoHostParameters = {
  client: PublicClient
  bundler: Transport
  sponsor: Transport
  faucet: DevnetFaucet
}

/** What the host asks for. Price of 1,000 tokens in units of USDC. */
export type HostOffer = { host: Address; model: string; pricePer1000: string }

/** A session as the host keeps it. */
type Books = { tokens: bigint; voucher?: Voucher }

export type DemoHost = Awaited<ReturnType<typeof createDemoHost>>

const model = 'llama-70b'
const price = usdc(5)

/** A host of its own for the page to rent: it is registered on chain, and its operations are sponsored too. */
export async function createDemoHost({ client, bundler, sponsor, faucet }: DemoHostParameters) {
  const owner = privateKeyToAccount(generatePrivateKey())
  const account = await toFabstirAccount({ client, owner })
  const host: FabstirClient = createFabstirClient({
    account,
    transport: bundler,
    paymaster: sponsor,
  })
  await faucet.giveStake(account.address)
  await host.registerHostSync({ models: [model], region: 'us-west', stake: fab(1000) })

  const books = new Map<bigint, Books>()
  const offer: HostOffer = { host: account.address, model, pricePer1000: price.value.toString() }

  return {
    offer,

    /** Answers a prompt. The next one is answered when this one is co-signed. */
    async answer(sessionId: bigint, prompt: string): Promise<{ text: string; tokens: bigint }> {
      const { status, host: party, deposit, pricePer1000 } = await getSession(host, { sessionId })
      if (party !== account.address || status !== 'active')
        throw new RequestError(409, `session ${sessionId} is not one of this host that is active`)
      const { tokens, voucher } = books.get(sessionId) ?? { tokens: 0n }
      if ((voucher?.cumulativeTokens ?? 0n) < tokens)
        throw new RequestError(409, `co-sign the ${tokens} tokens of the answers before first`)
      const text = answerOf(prompt)
      const cumulativeTokens = tokens + countTokens(text)
      if ((cumulativeTokens * pricePer1000) / 1000n > deposit)
        throw new RequestError(
          402,
          'the deposit of the session is used up: end it, and open another',
        )
      books.set(sessionId, { tokens: cumulativeTokens, ...(voucher && { voucher }) })
      return { text, tokens: cumulativeTokens }
    },

    /** Takes a co-signed count and records it on chain. */
    async checkpoint(voucher: Voucher): Promise<Hash> {
      const { sessionId, cumulativeTokens } = voucher
      const { tokens } = booksOf(books, sessionId)
      if (cumulativeTokens !== tokens)
        throw new RequestError(409, `the host counts ${tokens} tokens, not ${cumulativeTokens}`)
      const { userOperationHash } = await host.checkpointSync({ voucher })
      books.set(sessionId, { tokens, voucher })
      return userOperationHash
    },

    /** Settles a session with its last voucher. */
    async settle(sessionId: bigint): Promise<Hash> {
      const { voucher } = books.get(sessionId) ?? {}
      const { userOperationHash } = await host.settleSessionSync({ sessionId, voucher })
      books.delete(sessionId)
      return userOperationHash
    },
  }
}

function booksOf(books: ReadonlyMap<bigint, Books>, sessionId: bigint): Books {
  const found = books.get(sessionId)
  if (!found) throw new RequestError(404, `the host knows no session ${sessionId}`)
  return found
}
