/**
 * A user of the app logs in with an account that does not exist yet, and posts a job that the app pays for.
 * BACKEND=http://127.0.0.1:4000 node sponsored-app/user.ts
 */
import { createFabstirClient, SponsorUnauthorizedError, toFabstirAccount, usdc } from '@fabstir/sdk'
import { http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { createSiweMessage } from 'viem/siwe'
import { bundler, client, keyFrom } from '../connection.ts'
import { giveOnDevnet } from '../devnetFaucet.ts'
import { domain } from './domain.ts'

const { BACKEND = 'http://127.0.0.1:4000' } = process.env
const account = await toFabstirAccount({ client, owner: privateKeyToAccount(keyFrom('USER_KEY')) })
const { address } = account
const job = { model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(1) }
await giveOnDevnet(address, usdc(1))

/** The backend is the paymaster service that this client knows. */
const clientOf = (token: string) =>
  createFabstirClient({
    account,
    transport: bundler,
    paymaster: http(`${BACKEND}/sponsor`, {
      fetchOptions: { headers: { authorization: `Bearer ${token}` } },
    }),
  })

await clientOf('nobody')
  .postJob(job)
  .catch((error) => {
    if (!(error instanceof SponsorUnauthorizedError)) throw error
    console.log('not logged in: nothing is paid for')
  })

const offered = await fetch(`${BACKEND}/nonce`)
const { nonce } = (await offered.json()) as { nonce: string }
const chainId = client.chain.id
const message = createSiweMessage({
  address,
  chainId,
  domain,
  nonce,
  uri: `https://${domain}`,
  version: '1',
})
const login = await fetch(`${BACKEND}/login`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message, signature: await account.signMessage({ message }) }),
})
const { token } = (await login.json()) as { token: string }

const { jobId, renter } = await clientOf(token).postJobSync(job)
console.log(`${renter} posted job ${jobId}, and the app paid`)
