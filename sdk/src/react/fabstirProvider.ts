import { useQuery } from '@tanstack/react-query'
import { createElement, type ReactElement, type ReactNode, useMemo } from 'react'
import { type Connector, useConnection } from 'wagmi'
import type { FabstirClient } from '../clients/createFabstirClient.ts'
import type { FabstirConnectorProperties } from '../wagmi/fabstir.ts'
import { FabstirContext } from './fabstirContext.ts'

export type FabstirProviderProps = {
  /** The client of an account that is at hand; without it, the account that wagmi has connected by `fabstir`. */
  client?: FabstirClient | undefined
  children?: ReactNode
}

/**
 * Gives the hooks below it their client. It stands inside of TanStack's `QueryClientProvider`, and without `client`
 * inside of wagmi's `WagmiProvider`.
 * @example
 * createElement(FabstirProvider, { client }, 'what uses the hooks')
 */
export function FabstirProvider({ client, children }: FabstirProviderProps): ReactElement {
  return client
    ? createElement(GivenClient, { client }, children)
    : createElement(ConnectedClient, null, children)
}

function GivenClient({
  client,
  children,
}: {
  client: FabstirClient | undefined
  children?: ReactNode
}): ReactElement {
  const value = useMemo(() => ({ client }), [client])
  return createElement(FabstirContext.Provider, { value }, children)
}

function ConnectedClient({ children }: { children?: ReactNode }): ReactElement {
  const { connector, address, chainId, status } = useConnection()
  const { data } = useQuery({
    queryKey: ['fabstirClient', connector?.uid, address, chainId],
    queryFn: async () => (isFabstir(connector) ? connector.getFabstirClient({ chainId }) : null),
    enabled: status === 'connected' && isFabstir(connector),
    // A client holds functions: nothing to compare or to keep beyond the connection.
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const client = status === 'connected' ? (data ?? undefined) : undefined
  return createElement(GivenClient, { client }, children)
}

function isFabstir(
  connector: Connector | undefined,
): connector is Connector & FabstirConnectorProperties {
  return connector !== undefined && 'getFabstirClient' in connector
}
