/** Runs in a page and in a Web Worker, bundled: the SDK with nothing but what every JavaScript engine has. */
import { createFabstirClient, FabstirError, postJob, toFabstirAccount, usdc } from '@fabstir/sdk'
import { devnet } from '@fabstir/sdk/chains'
import { createPublicClient, http } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'

/** Put in by the bundler. */
declare const urls: { rpc: string; bundler: string; server: string }
/** A worker has it, and a page's window too. */
declare function postMessage(message: unknown): void

async function run() {
  const client = createPublicClient({ chain: devnet, transport: http(urls.rpc) })
  const owner = privateKeyToAccount(generatePrivateKey())
  const account = await toFabstirAccount({ client, owner })
  const renter = createFabstirClient({
    ...{ account, transport: http(urls.bundler), paymaster: http(`${urls.server}/sponsor`) },
  })
  await fetch(`${urls.server}/faucet`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ address: account.address }),
  })
  const job = { model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(1) }
  const posted = await renter.batchSync([postJob.call(job), postJob.call(job)])
  const key = privateKeyToAccount(generatePrivateKey())
  const grant = await renter.grantSession({
    ...{
      key: key.address,
      expiresIn: '1h',
      scope: ['postJob'],
      spend: { usdc: { total: usdc(1) } },
    },
  })
  const app = renter.withSession(grant, key)
  await app.postJobSync(job)
  const refusal = await app.postJob(job).catch((error: unknown) => error)
  return {
    posted: posted.length,
    refused: refusal instanceof FabstirError ? refusal.name : 'nothing',
    where: 'document' in globalThis ? 'page' : 'worker',
    node: 'process' in globalThis || 'Buffer' in globalThis || 'require' in globalThis,
  }
}

postMessage(await run().catch((error: unknown) => String(error)))
