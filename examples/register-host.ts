/**
 * A host joins the marketplace: approval, stake and registration are one operation, which the sponsor pays.
 * HOST_KEY=0x… node register-host.ts
 */
import { createFabstirClient, fab, InsufficientBalanceError, toFabstirAccount } from '@fabstir/sdk'
import { privateKeyToAccount } from 'viem/accounts'
import { bundler, client, keyFrom, sponsor } from './connection.ts'
import { giveOnDevnet } from './devnetFaucet.ts'

const owner = privateKeyToAccount(keyFrom('HOST_KEY'))
const account = await toFabstirAccount({ client, owner })
const host = createFabstirClient({ account, transport: bundler, paymaster: sponsor })
const offer = { models: ['llama-70b'], region: 'us-west', gpu: 'rtx4090', stake: fab(1000) }

// Nothing is sent when the account cannot pay.
await host.registerHost(offer).catch((error) => {
  if (!(error instanceof InsufficientBalanceError)) throw error
  console.log(`${account.address} has ${error.available} of ${error.required} FAB units`)
})
await giveOnDevnet(account.address, offer.stake)

const { node, userOperationHash } = await host.registerHostSync(offer)
console.log(`registered ${node} by operation ${userOperationHash}`)

const hosts = await host.findHosts({ model: 'llama-70b', region: 'us-west' })
console.log(`renters find ${hosts.filter((found) => found.node === node).length} host`)
