import { isAddressEqual, SwitchChainError, UnsupportedProviderMethodError } from 'viem'
import { readChainId, readFields } from '../params.ts'
import {
  chainHex,
  chainIdOf,
  type Method,
  type ProviderSession,
  visibleAccounts,
} from '../providerSession.ts'
import { reason } from '../reason.ts'

/** EIP-3326: goes over to another chain of the wallet. */
export const switchChain: Method = (session, [parameters]) => {
  const chainId = readChainId(readFields(parameters, 'params[0]').chainId, 'params[0].chainId')
  const client = session.clients.get(chainId)
  if (!client) throw new SwitchChainError(reason(unknownChain(session, chainId)))
  const from = session.client
  if (from === client) return null
  session.client = client
  session.emit('chainChanged', chainHex(client))
  if (session.record.connected && !isAddressEqual(from.account.address, client.account.address))
    session.emit('accountsChanged', visibleAccounts(session))
  return null
}

/** EIP-3085: chains are the wallet's to choose. Adding one that is there does nothing. */
export const addChain: Method = (session, [parameters]) => {
  const chainId = readChainId(readFields(parameters, 'params[0]').chainId, 'params[0].chainId')
  if (session.clients.has(chainId)) return null
  throw new UnsupportedProviderMethodError(reason(unknownChain(session, chainId)))
}

/** What is said of a chain that the wallet has no account on. */
export function unknownChain({ clients }: ProviderSession, chainId: number): string {
  return `The wallet has accounts on chain ${[...clients.values()].map(chainIdOf).join(', ')}, not on ${chainId}.`
}
