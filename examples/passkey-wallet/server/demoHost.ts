import { fab, getSession, usdc, type Voucher } from '@fabstir/sdk'
import { type Address, type Hash, keccak256, stringToHex } from 'viem'
import { countTokens } from '../countTokens.ts'
import { answerOf } from './answerOf.ts'
import { createDemoClient, type DemoParameters } from './demoClient.ts'
import { RequestError } from './requestError.ts'

/** What the host asks for. Price of 1,000 tokens in units of USDC. */
export type HostOffer = { host: Address; model: string; pricePer1000: string }

const model = 'llama-70b'
const price = usdc(5)

/** Public and worthless. Always the same one, so that sessions outlive the server. */
const key = keccak256(stringToHex('host of the passkey wallet on the devnet'))

/** A host of its own for the page to rent: it is registered on chain, and its operations are sponsored too. */
export async function createDemoHost(parameters: DemoParameters) {
  const host = await createDemoClient(parameters, key)
  const { address } = host.account
  const { activeSince } = await host.getNode({ node: address })
  if (activeSince === 0) {
    await parameters.faucet.giveStake(address)
    await host.registerHostSync({ models: [model], region: 'us-west', stake: fab(1000) })
  }
  const offer: HostOffer = { host: address, model, pricePer1000: price.value.toString() }
  /** Tokens that were answered with, by session. What the server forgets is on chain. */
  const answered = new Map<bigint, bigint>()

  return {
    offer,

    /** Answers a prompt. The next one is answered when this one is co-signed and on chain. */
    async answer(sessionId: bigint, prompt: string): Promise<{ text: string; tokens: bigint }> {
      const session = await getSession(host, { sessionId })
      const { provenTokens, pricePer1000, deposit } = session
      if (session.host !== address || session.status !== 'active')
        throw new RequestError(409, `session ${sessionId} is not one of this host that is active`)
      const before = answered.get(sessionId) ?? provenTokens
      if (provenTokens < before)
        throw new RequestError(409, `co-sign the ${before} tokens of the answers before first`)
      const text = answerOf(prompt)
      const tokens = before + countTokens(text)
      if ((tokens * pricePer1000) / 1000n > deposit)
        throw new RequestError(402, 'the deposit does not pay another answer: end the session')
      answered.set(sessionId, tokens)
      return { text, tokens }
    },

    /** Takes a co-signed count and records it on chain. */
    async checkpoint(voucher: Voucher): Promise<Hash> {
      const { sessionId, cumulativeTokens } = voucher
      const tokens = answered.get(sessionId) ?? 0n
      if (cumulativeTokens !== tokens)
        throw new RequestError(409, `the host counts ${tokens} tokens, not ${cumulativeTokens}`)
      return (await host.checkpointSync({ voucher })).userOperationHash
    },

    /** Settles a session for what is recorded on chain. */
    async settle(sessionId: bigint): Promise<Hash> {
      const { userOperationHash } = await host.settleSessionSync({ sessionId })
      answered.delete(sessionId)
      return userOperationHash
    },
  }
}
