import { text } from 'node:stream/consumers'
import { createFabstirClient, toSessionAccount, usdc } from '@fabstir/sdk'
import { createClient, type Hex, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'

/**
 * An app in a process of its own: it has its key and the services, and hears of its grant as one JSON text on standard
 * input. Posts a job for the owner and writes the event.
 */
const { APP_KEY = '', RPC_URL, BUNDLER_URL, PAYMASTER_URL, CONTRACTS = '' } = process.env
const client = createClient({ chain: foundry, transport: http(RPC_URL) })
const account = toSessionAccount({
  client,
  grant: await text(process.stdin),
  key: privateKeyToAccount(APP_KEY as Hex),
  contracts: JSON.parse(CONTRACTS),
})
const app = createFabstirClient({
  account,
  transport: http(BUNDLER_URL),
  paymaster: http(PAYMASTER_URL),
})
const { jobId, renter } = await app.postJobSync({
  model: 'llama-70b',
  prompt: 'bafyprompt',
  payment: usdc(1),
})
process.stdout.write(JSON.stringify({ jobId: `${jobId}`, renter }))
