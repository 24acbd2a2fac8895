import { UnsupportedChainIdError, zeroAddress } from 'viem'
import { delegationFactory } from '../../accounts/fabstir/delegation.ts'
import type { SessionGrant } from '../../accounts/session/sessionGrant.ts'
import { getSessionKey } from '../../actions/session/getSessionKey.ts'
import { grantSession } from '../../actions/session/grantSession.ts'
import { preparePolicy } from '../../actions/session/preparePolicy.ts'
import { revokeSessionSync } from '../../actions/session/revokeSession.ts'
import type { WriteClient } from '../../types/client.ts'
import type { PermissionResponse } from '../executionPermission.ts'
import { invalidParams, readBytes, readKnownFields } from '../params.ts'
import { toPermissionContext, toPermissionGrant } from '../permissionContext.ts'
import {
  assertApproved,
  assertAuthorized,
  chainHex,
  type Method,
  type ProviderSession,
} from '../providerSession.ts'
import { permissionTypes, readPermission } from '../readPermission.ts'
import { reason } from '../reason.ts'
import { unknownChain } from './chains.ts'

/** ERC-7715 `wallet_requestExecutionPermissions`: signs a grant for each, and nothing when one of them is refused. */
export const requestExecutionPermissions: Method = async (session, params) => {
  const [first, ...others] = params.map((value, index) => readFor(session, value, index))
  if (!first) throw invalidParams('params', 'is empty')
  const { client } = first
  const asked = [first, ...others]
  const field = 'params'
  if (asked.some((one) => one.client !== client))
    throw invalidParams(field, 'asks for permissions on several chains at once')
  // An account has one policy for a key: the last one would replace the others.
  if (new Set(asked.map(({ request }) => request.to)).size < asked.length)
    throw invalidParams(field, 'asks twice for one key: put it into one permission')
  // What the account would refuse is refused before the user is asked.
  for (const { policy } of asked) await preparePolicy(client, policy)
  await assertApproved(session, client, {
    type: 'grantPermissions',
    permissions: asked.map(({ request, policy }) => ({ request, policy })),
  })

  const granted: PermissionResponse[] = []
  for (const { request, policy } of asked) {
    const grant = await grantSession(client, policy)
    granted.push({
      ...request,
      from: client.account.address,
      context: toPermissionContext(grant),
      dependencies: await readDependencies(client, grant),
      delegationManager: zeroAddress,
    })
  }
  session.record.permissions.push(...granted)
  await session.save()
  return granted
}

function readFor(session: ProviderSession, value: unknown, index: number) {
  const { chainId, ...asked } = readPermission(value, `params[${index}]`)
  const client = session.clients.get(chainId)
  if (!client) throw new UnsupportedChainIdError(reason(unknownChain(session, chainId)))
  assertAuthorized(session, client, asked.request.from)
  return { client, ...asked }
}

async function readDependencies(
  { account }: WriteClient,
  { factory, factoryData }: SessionGrant,
): Promise<PermissionResponse['dependencies']> {
  if (factory === delegationFactory || (await account.isDeployed())) return []
  return [{ factory, factoryData }]
}

/** ERC-7715 `wallet_getSupportedExecutionPermissions`. */
export const getSupportedExecutionPermissions: Method = ({ clients }) => {
  const chainIds = [...clients.values()].map(chainHex)
  return Object.fromEntries(
    Object.entries(permissionTypes).map(([type, ruleTypes]) => [type, { chainIds, ruleTypes }]),
  )
}

/** ERC-7715 `wallet_getGrantedExecutionPermissions`: what this app was granted and can still be used. */
export const getGrantedExecutionPermissions: Method = async (session) => {
  assertAuthorized(session, session.client)
  const { permissions } = session.record
  const usable = await Promise.all(permissions.map((one) => isUsable(session, one)))
  return permissions.filter((_, index) => usable[index])
}

async function isUsable({ clients }: ProviderSession, { context }: PermissionResponse) {
  const grant = toPermissionGrant(context)
  const client = clients.get(grant.chainId)
  if (!client) return false
  const { status } = await getSessionKey(client, grant)
  return status === 'unused' || status === 'active'
}

/** ERC-7715 `wallet_revokeExecutionPermission`: resolves when it is on chain. */
export const revokeExecutionPermission: Method = async (session, [parameters]) => {
  assertAuthorized(session, session.client)
  const field = 'params[0]'
  const { permissionContext } = readKnownFields(parameters, field, ['permissionContext'])
  const context = readBytes(permissionContext, `${field}.permissionContext`)
  const permission = session.record.permissions.find((one) => one.context === context)
  const grant = permission && toPermissionGrant(permission.context)
  const client = grant && session.clients.get(grant.chainId)
  if (!client)
    throw invalidParams(
      `${field}.permissionContext`,
      'is of no permission that the app was granted',
    )
  await assertApproved(session, client, { type: 'revokePermission', permission })
  await revokeSessionSync(client, grant)
  const { record } = session
  record.permissions = record.permissions.filter((one) => one !== permission)
  await session.save()
  return {}
}
