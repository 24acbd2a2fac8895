import { createFabstirClient, type FabstirClient, toFabstirAccount } from '@fabstir/sdk'
import type { PublicClient, Transport } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { DevnetFaucet } from './devnetFaucet.ts'

export type DemoParameters = {
  client: PublicClient
  bundler: Transport
  sponsor: Transport
  faucet: DevnetFaucet
}

/** Client of a new account that owns nothing and is sponsored, as that of the page is. */
export async function createDemoClient({
  client,
  bundler,
  sponsor,
}: DemoParameters): Promise<FabstirClient> {
  const owner = privateKeyToAccount(generatePrivateKey())
  const account = await toFabstirAccount({ client, owner })
  return createFabstirClient({ account, transport: bundler, paymaster: sponsor })
}
