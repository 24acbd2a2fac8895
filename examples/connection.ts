import { devnet } from '@fabstir/sdk/chains'
import { createPublicClient, type Hex, http } from 'viem'
import { generatePrivateKey } from 'viem/accounts'

/** Where everything is; by default what `pnpm start` brings up. */
const {
  RPC = 'http://127.0.0.1:8545',
  BUNDLER = 'http://127.0.0.1:4337',
  SPONSOR = 'http://127.0.0.1:4338/?apikey=fabstir-devnet-demo',
} = process.env

export const rpcUrl = RPC

export const client = createPublicClient({
  chain: devnet,
  transport: http(rpcUrl),
  pollingInterval: 100,
})

export const bundler = http(BUNDLER)

/** The paymaster service with the app's API key, which everybody can read in a page: see `sponsored-app/`. */
export const sponsor = http(SPONSOR)

/** A private key from the environment, or a new one. */
export const keyFrom = (variable: string): Hex =>
  (process.env[variable] as Hex | undefined) ?? generatePrivateKey()
