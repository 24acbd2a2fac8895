/**
 * A Safe that is there already, or any other smart account of viem, acts on the marketplace: the same actions, but for
 * session keys. The sponsor's policy has to list Safes (docs/paymaster.md, "Shapes"), and their contracts have to be on
 * the chain, which they are on every public one.
 * SAFE_OWNER_KEY=0x… SPONSOR=… node own-safe.ts
 */
import { createFabstirClient, postJob, usdc } from '@fabstir/sdk'
import { toSafeSmartAccount } from 'permissionless/accounts'
import { privateKeyToAccount } from 'viem/accounts'
import { bundler, client, keyFrom, sponsor } from './connection.ts'
import { giveOnDevnet } from './devnetFaucet.ts'

const owner = privateKeyToAccount(keyFrom('SAFE_OWNER_KEY'))
// With `address`, the Safe that is there already.
const account = await toSafeSmartAccount({ client, owners: [owner], version: '1.4.1' })
const renter = createFabstirClient({ account, transport: bundler, paymaster: sponsor })
await giveOnDevnet(account.address, usdc(3))

// Approvals and jobs are one operation, which deploys the Safe when it is not there.
const jobs = await renter.batchSync([
  postJob.call({ model: 'llama-70b', prompt: 'bafyprompt1', payment: usdc(1) }),
  postJob.call({ model: 'llama-70b', prompt: 'bafyprompt2', payment: usdc(2) }),
])
for (const { jobId, renter } of jobs) console.log(`Safe ${renter} posted job ${jobId}`)

const [job] = jobs
const { refund } = await renter.cancelJobSync({ jobId: job.jobId })
console.log(`job ${job.jobId} is cancelled, ${refund} USDC units can be withdrawn`)
