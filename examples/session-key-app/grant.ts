/**
 * A host lets an app claim jobs for it. The grant goes to the app as one line of JSON; nothing is sent to the chain.
 * HOST_KEY=0x… APP=0x… node session-key-app/grant.ts > grant.json
 */
import { createFabstirClient, fab, toFabstirAccount } from '@fabstir/sdk'
import { type Address, isAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { bundler, client, keyFrom, sponsor } from '../connection.ts'
import { giveOnDevnet } from '../devnetFaucet.ts'

const app = process.env.APP as Address
if (!isAddress(app)) throw new Error('APP has to be the address of the app’s key')

const owner = privateKeyToAccount(keyFrom('HOST_KEY'))
const account = await toFabstirAccount({ client, owner })
const host = createFabstirClient({ account, transport: bundler, paymaster: sponsor })
if (!(await account.isDeployed())) {
  await giveOnDevnet(account.address, fab(1000))
  await host.registerHostSync({ models: ['llama-70b'], stake: fab(1000) })
}

const grant = await host.grantSession({
  key: app,
  expiresIn: '24h',
  uses: 20,
  scope: ['claimJob'],
})
console.log(JSON.stringify(grant))
