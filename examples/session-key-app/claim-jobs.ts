/**
 * An app claims jobs for its users, the hosts: each grant on standard input is one line of JSON, and the next open job
 * goes to the next host. The app has its own key and nothing of theirs; jobs are claimed by the hosts' accounts.
 * APP_KEY=0x… node session-key-app/claim-jobs.ts < grants.json
 */
import { text } from 'node:stream/consumers'
import {
  ContractRevertedError,
  createFabstirClient,
  SessionKeyNotActiveError,
  toSessionAccount,
} from '@fabstir/sdk'
import { privateKeyToAccount } from 'viem/accounts'
import { bundler, client, keyFrom, sponsor } from '../connection.ts'

const key = privateKeyToAccount(keyFrom('APP_KEY'))
const grants = (await text(process.stdin)).trim().split('\n')
const hosts = grants.map((grant) =>
  createFabstirClient({
    account: toSessionAccount({ client, grant, key }),
    transport: bundler,
    paymaster: sponsor,
  }),
)

const [first] = hosts
const jobs = (await first?.getJobs()) ?? []
const open = jobs.filter(({ status }) => status === 'posted')
for (const [index, { jobId }] of open.entries()) {
  const host = hosts[index % hosts.length]
  try {
    const claimed = await host?.claimJobSync({ jobId })
    console.log(`job ${jobId} is claimed by ${claimed?.host}`)
  } catch (error) {
    // Another host was faster, or the owner has revoked the key.
    if (error instanceof ContractRevertedError) console.log(`job ${jobId}: ${error.errorName}`)
    else if (error instanceof SessionKeyNotActiveError)
      console.log(`job ${jobId}: ${error.shortMessage}`)
    else throw error
  }
}
