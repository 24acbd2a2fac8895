import { createFabstirClient, type FabstirClient, toFabstirAccount } from '@fabstir/sdk'
import type { Hex, PublicClient, Transport } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { DevnetFaucet } from './devnetFaucet.ts'

export type DemoParameters = {
  client: PublicClient
  bundler: Transport
  sponsor: Transport
  faucet: DevnetFaucet
}

/**
 * Client of an account that owns nothing and is sponsored, as that of the page is.
 * @param key A new one by default.
 */
export async function createDemoClient(
  { client, bundler, sponsor }: DemoParameters,
  key: Hex = generatePrivateKey(),
): Promise<FabstirClient> {
  const owner = privateKeyToAccount(key)
  const account = await toFabstirAccount({ client, owner })
  return createFabstirClient({ account, transport: bundler, paymaster: sponsor })
}
