/**
 * A renter posts many jobs by one operation: all of them are posted, or none is.
 * RENTER_KEY=0x… node post-jobs.ts
 */
import { createFabstirClient, postJob, toFabstirAccount, usdc } from '@fabstir/sdk'
import { privateKeyToAccount } from 'viem/accounts'
import { bundler, client, keyFrom, sponsor } from './connection.ts'
import { giveOnDevnet } from './devnetFaucet.ts'

const owner = privateKeyToAccount(keyFrom('RENTER_KEY'))
const account = await toFabstirAccount({ client, owner })
const renter = createFabstirClient({ account, transport: bundler, paymaster: sponsor })
await giveOnDevnet(account.address, usdc(6))

const jobs = await renter.batchSync(
  ['bafyprompt1', 'bafyprompt2', 'bafyprompt3'].map((prompt) =>
    postJob.call({ model: 'llama-70b', prompt, payment: usdc(2), completeWithin: '2h' }),
  ),
)
for (const { jobId, payment } of jobs) console.log(`job ${jobId} pays ${payment} USDC units`)

for (const { jobId } of jobs) {
  const { status } = await renter.getJob({ jobId })
  console.log(`job ${jobId} is ${status}`)
}
