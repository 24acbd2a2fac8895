/**
 * An app that pays for its users. Its backend holds the API key of the paymaster service, which would be public in a
 * page, and passes on what logged-in users ask for their own accounts. What is paid for, the sponsor's policy says.
 * SPONSOR_KEY=… node sponsored-app/backend.ts
 */
import { devnet } from '@fabstir/sdk/chains'
import { rpcUrl } from '../connection.ts'
import { createBackend } from './createBackend.ts'
import { domain } from './domain.ts'

const {
  SPONSOR_URL = 'http://127.0.0.1:4338/',
  SPONSOR_KEY = 'fabstir-devnet-demo',
  PORT = '4000',
} = process.env

const backend = createBackend({
  ...{ domain, chain: devnet, rpcUrl },
  ...{ sponsorUrl: SPONSOR_URL, sponsorKey: SPONSOR_KEY },
})
console.log(`backend ${await backend.listen({ port: Number(PORT) })}`)
