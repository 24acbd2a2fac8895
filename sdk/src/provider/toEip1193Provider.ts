import {
  type EIP1193Provider,
  type EIP1193RequestFn,
  InvalidRequestRpcError,
  ProviderDisconnectedError,
  UnsupportedProviderMethodError,
} from 'viem'
import { explainFailure } from '../errors/explainFailure.ts'
import { once } from '../operations/once.ts'
import type { WriteClient } from '../types/client.ts'
import type { Approve } from './approval.ts'
import { createEmitter, type Emitter } from './emitter.ts'
import type { ExecutionPermissionsRpcSchema } from './executionPermission.ts'
import {
  getPermissions,
  requestAccounts,
  requestPermissions,
  revokePermissions,
} from './methods/accounts.ts'
import { getCallsStatus, showCallsStatus } from './methods/callsStatus.ts'
import { getCapabilities } from './methods/capabilities.ts'
import { addChain, switchChain } from './methods/chains.ts'
import {
  getGrantedExecutionPermissions,
  getSupportedExecutionPermissions,
  requestExecutionPermissions,
  revokeExecutionPermission,
} from './methods/executionPermissions.ts'
import { askNode, nodeMethods } from './methods/nodeMethods.ts'
import { sendCalls } from './methods/sendCalls.ts'
import { sendTransaction } from './methods/sendTransaction.ts'
import { personalSign, signTypedDataV4 } from './methods/signing.ts'
import { invalidParams, readList } from './params.ts'
import {
  chainHex,
  chainIdOf,
  type Method,
  type ProviderSession,
  type ShownBatch,
  visibleAccounts,
} from './providerSession.ts'
import { createRecordStore, type ProviderStorage } from './providerStorage.ts'
import { isForApps, reason } from './reason.ts'
import { toProviderError } from './toProviderError.ts'

export type Eip1193ProviderParameters = {
  /** The account, as a client of each chain it is on. The first one is the chain that apps start on. */
  client: WriteClient | readonly [WriteClient, ...WriteClient[]]
  /** Asks the user before an account is shown, and before anything is signed, sent or granted. */
  approve: Approve
  /** Which app uses the provider. Each app gets a provider of its own, and sees no other app's batches and permissions. */
  origin?: string | undefined
  /** Calls that one batch may have. 100 by default. */
  maxCalls?: number | undefined
  /** Keeps the connection, batches and permissions beyond the provider's life. */
  storage?: ProviderStorage | undefined
  /** Shows a batch to the user (`wallet_showCallsStatus`). */
  showCallsStatus?: ((batch: ShownBatch) => void) | undefined
}

/** An EIP-1193 provider with EIP-5792 and ERC-7715. */
export type FabstirEip1193Provider = EIP1193Provider & {
  request: EIP1193RequestFn<ExecutionPermissionsRpcSchema>
}

const methods: Readonly<Record<string, Method>> = {
  eth_requestAccounts: requestAccounts,
  eth_accounts: visibleAccounts,
  eth_chainId: ({ client }) => chainHex(client),
  eth_sendTransaction: sendTransaction,
  personal_sign: personalSign,
  eth_signTypedData_v4: signTypedDataV4,
  wallet_addEthereumChain: addChain,
  wallet_switchEthereumChain: switchChain,
  wallet_getPermissions: getPermissions,
  wallet_requestPermissions: requestPermissions,
  wallet_revokePermissions: revokePermissions,
  wallet_getCapabilities: getCapabilities,
  wallet_sendCalls: sendCalls,
  wallet_getCallsStatus: getCallsStatus,
  wallet_showCallsStatus: showCallsStatus,
  wallet_requestExecutionPermissions: requestExecutionPermissions,
  wallet_getSupportedExecutionPermissions: getSupportedExecutionPermissions,
  wallet_getGrantedExecutionPermissions: getGrantedExecutionPermissions,
  wallet_revokeExecutionPermission: revokeExecutionPermission,
}

/**
 * A Fabstir account as the wallet of an app: an EIP-1193 provider with EIP-5792 batches and ERC-7715 permissions.
 * Transactions and batches become sponsored User Operations. What the provider does not answer itself goes to the node
 * when it only reads, and is refused (4200) when not. Errors have the codes of EIP-1193, EIP-1474 and EIP-5792.
 * @example
 * const provider = toEip1193Provider({
 *   client, origin: 'https://app.example', approve: async ({ type }) => type === 'connect',
 * })
 * const [address] = await provider.request({ method: 'eth_requestAccounts' })
 */
export function toEip1193Provider({
  client,
  approve,
  origin,
  maxCalls = 100,
  storage,
  showCallsStatus: show,
}: Eip1193ProviderParameters): FabstirEip1193Provider {
  const clients = 'request' in client ? ([client] as const) : client
  const { emit, on, removeListener } = createEmitter()
  const accounts = clients.map((one) => `${chainIdOf(one)}:${one.account.address}`)
  const store = createRecordStore([origin ?? '', ...accounts].join(','), storage)
  const reachability = createReachability(emit)

  const open = once(async (): Promise<ProviderSession> => {
    const record = await store.load()
    return {
      origin,
      maxCalls,
      clients: new Map(clients.map((one) => [chainIdOf(one), one])),
      client: clients[0],
      record,
      sending: new Set(),
      dropped: new Set(),
      emit,
      approve,
      show,
      save: () => store.save(record),
    }
  })

  const request = async (args: unknown): Promise<unknown> => {
    try {
      const session = await open()
      const { method, params } = readRequest(args)
      const result = await answer(session, method, params)
      if (nodeMethods.has(method)) reachability.reached(session)
      return result
    } catch (error) {
      const told = toProviderError(error)
      if (told instanceof ProviderDisconnectedError) reachability.lost(told)
      throw told
    }
  }
  return Object.freeze({ request, on, removeListener }) as unknown as FabstirEip1193Provider
}

async function answer(
  session: ProviderSession,
  method: string,
  params: readonly unknown[],
): Promise<unknown> {
  const own = Object.hasOwn(methods, method) ? methods[method] : undefined
  if (!own && !nodeMethods.has(method))
    throw new UnsupportedProviderMethodError(
      reason(refusals.get(method) ?? `There is no ${method}.`),
    )
  try {
    if (!own) return await askNode(session, method, params)
    // A copy: an app in the same page must not get hold of what the wallet keeps.
    return structuredClone(await own(session, params))
  } catch (error) {
    throw isForApps(error) ? error : await explainFailure(error, session.client)
  }
}

const refusals: ReadonlyMap<string, string> = new Map([
  ['eth_sign', 'eth_sign would sign anything, a User Operation too: use personal_sign.'],
  ['eth_signTransaction', 'An account signs no transactions: use eth_sendTransaction.'],
  ['eth_sendRawTransaction', 'An account sends no signed transactions: use eth_sendTransaction.'],
])

/** A copy of the request: an app in the same page could change its own while the user looks at it. */
function readRequest(args: unknown): { method: string; params: readonly unknown[] } {
  let copy: { method?: unknown; params?: unknown } | undefined
  try {
    copy = structuredClone(args) as typeof copy
  } catch {
    throw invalidParams('params', 'holds what is no data')
  }
  const { method, params = [] } = copy ?? {}
  if (typeof method !== 'string' || method === '')
    throw new InvalidRequestRpcError(reason('A request is { method, params }.'))
  return { method, params: readList(params, 'params') }
}

/** `disconnect` and `connect` of EIP-1193: whether the wallet's services answer. */
function createReachability(emit: Emitter['emit']) {
  let isLost = false
  return {
    lost(error: Error) {
      if (!isLost) emit('disconnect', error)
      isLost = true
    },
    reached({ client }: ProviderSession) {
      if (isLost) emit('connect', { chainId: chainHex(client) })
      isLost = false
    },
  }
}
