import { defineChain } from 'viem'
import { devnetContracts } from './generated/devnetContracts.ts'

/**
 * The chain that `pnpm start` brings up on this machine, with its contracts. They have the same addresses wherever it
 * runs, until the contracts are changed.
 * @example
 * const client = createClient({ chain: devnet, transport: http() })
 * const account = await toFabstirAccount({ client, owner })
 */
export const devnet = defineChain({
  id: 31_337,
  name: 'Fabstir devnet',
  nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: ['http://127.0.0.1:8545'] } },
  testnet: true,
  custom: { fabstir: devnetContracts },
})
