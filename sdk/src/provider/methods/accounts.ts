import { getChainId } from 'viem/actions'
import { withTypedErrors } from '../../errors/explainFailure.ts'
import { ChainMismatchError } from '../../errors/transport.ts'
import { invalidParams, readFields } from '../params.ts'
import {
  assertApproved,
  chainHex,
  chainIdOf,
  type Method,
  type ProviderSession,
  visibleAccounts,
} from '../providerSession.ts'

/** EIP-1102: shows the account when the user agrees. */
export const requestAccounts: Method = async (session) => {
  if (!session.record.connected) {
    const { client } = session
    await assertChain(session)
    await assertApproved(session, client, {
      type: 'connect',
      accounts: [...session.clients].map(([chainId, { account }]) => ({
        chainId,
        account: account.address,
      })),
    })
    session.record.connected = true
    await session.save()
    session.emit('connect', { chainId: chainHex(session.client) })
    session.emit('accountsChanged', visibleAccounts(session))
  }
  return visibleAccounts(session)
}

/** The node has to be of the chain that the contracts are on. */
async function assertChain({ client }: ProviderSession): Promise<void> {
  const [expected, actual] = [
    chainIdOf(client),
    await withTypedErrors(client, () => getChainId(client.client)),
  ]
  if (actual !== expected) throw new ChainMismatchError({ service: 'node', expected, actual })
}

/** EIP-2255, for `eth_accounts` only. */
export const getPermissions: Method = (session) =>
  visibleAccounts(session).map((account) => ({
    parentCapability: 'eth_accounts',
    ...(session.origin !== undefined && { invoker: session.origin }),
    caveats: [{ type: 'restrictReturnedAccounts', value: [account] }],
  }))

export const requestPermissions: Method = async (session, params) => {
  assertAccountsPermission(params)
  await requestAccounts(session, [])
  return getPermissions(session, [])
}

/** Ends the connection. What was granted to session keys stays: `wallet_revokeExecutionPermission` ends that. */
export const revokePermissions: Method = async (session, params) => {
  assertAccountsPermission(params)
  if (session.record.connected) {
    session.record.connected = false
    await session.save()
    session.emit('accountsChanged', [])
  }
  return null
}

function assertAccountsPermission([permissions]: readonly unknown[]): void {
  const names = Object.keys(readFields(permissions, 'params[0]'))
  if (names.length !== 1 || names[0] !== 'eth_accounts')
    throw invalidParams('params[0]', 'names another permission than eth_accounts')
}
