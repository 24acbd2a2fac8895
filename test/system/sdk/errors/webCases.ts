import { postJob } from '@fabstir/sdk'
import { EthersTransactionError, toEthersSigner } from '@fabstir/sdk/ethers'
import { announceProvider, ProviderInfoError, toEip1193Provider } from '@fabstir/sdk/provider'
import {
  FabstirProvider,
  FabstirProviderNotFoundError,
  NotConnectedError,
  useAction,
  useFabstirClient,
} from '@fabstir/sdk/react'
import { fabstir } from '@fabstir/sdk/wagmi'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createConfig } from '@wagmi/core'
import { createElement, type ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { http } from 'viem'
import { WagmiProvider } from 'wagmi'
import { job } from '../providerFixture.ts'
import type { ErrorCase } from './errorCase.ts'

/** What a hook returns in a page that a server renders. */
function renderHook<result>(use: () => result, wrap: (child: ReactNode) => ReactNode): result {
  const returned: result[] = []
  const Probe = () => {
    returned.push(use())
    return null
  }
  const client = new QueryClient()
  renderToString(createElement(QueryClientProvider, { client }, wrap(createElement(Probe))))
  const [first] = returned
  if (first === undefined) throw new Error('the hook was not used')
  return first
}

/** What the entries beside the core refuse. */
export const webCases: readonly ErrorCase[] = [
  {
    error: ProviderInfoError,
    when: 'a wallet is announced without a name',
    happen: async ({ createClient }) =>
      announceProvider({
        provider: toEip1193Provider({ client: await createClient(), approve: () => false }),
        info: { name: '', icon: 'data:image/svg+xml,<svg/>', rdns: 'com.fabstir.wallet' },
        target: new EventTarget(),
      }),
    fields: { field: 'name' },
  },
  {
    error: EthersTransactionError,
    when: 'a transaction would create a contract',
    happen: async ({ createClient }) =>
      toEthersSigner(await createClient()).sendTransaction({ data: '0x60' }),
    fields: { field: 'to' },
  },
  {
    error: FabstirProviderNotFoundError,
    when: 'a hook is used outside of a provider',
    happen: () => renderHook(useFabstirClient, (child) => child),
  },
  {
    error: NotConnectedError,
    when: 'an action is started before wagmi has connected',
    happen: async ({ createClient, devnet: { chain, rpcUrl } }) => {
      const config = createConfig({
        chains: [chain],
        transports: { [chain.id]: http(rpcUrl) },
        connectors: [fabstir({ client: await createClient() })],
        storage: null,
        multiInjectedProviderDiscovery: false,
      })
      const { mutateAsync } = renderHook(
        () => useAction(postJob),
        (child) =>
          createElement(WagmiProvider, { config }, createElement(FabstirProvider, null, child)),
      )
      return mutateAsync(job)
    },
  },
]
