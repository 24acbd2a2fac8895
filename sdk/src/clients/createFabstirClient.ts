import type { AddressBook } from '@fabstir/contracts/addressBook'
import { getUserOperationGasPrice } from 'permissionless/actions/pimlico'
import { type Chain, type Client, createClient as createViemClient, type Transport } from 'viem'
import { createPaymasterClient, type SmartAccount } from 'viem/account-abstraction'
import { estimateFeesPerGas } from 'viem/actions'
import type { FabstirAccountExtension } from '../accounts/fabstir/nonceLanes.ts'
import type { FabstirAccount } from '../accounts/fabstir/toFabstirAccount.ts'
import { assertGrantOf } from '../accounts/session/assertGrantOf.ts'
import { assertSessionKeys } from '../accounts/session/assertSessionKeys.ts'
import { parseSessionGrant } from '../accounts/session/parseSessionGrant.ts'
import type { SessionGrant } from '../accounts/session/sessionGrant.ts'
import {
  type SessionAccount,
  type SessionKey,
  toSessionAccount,
} from '../accounts/session/toSessionAccount.ts'
import { resolveContracts, resolveDeployment } from '../contracts/addressBooks.ts'
import { ClientNotFoundError } from '../errors/configuration.ts'
import { findRpcFailure } from '../errors/rpcError.ts'
import { confirmOperation } from '../operations/confirmOperation.ts'
import { createOperationQueues, type OperationQueues } from '../operations/operationQueues.ts'
import { sendOperation } from '../operations/sendOperation.ts'
import type { OperationStorage } from '../operations/sentOperations.ts'
import { defaultTimeout, within } from '../operations/within.ts'
import { bundlerAnswers, paymasterAnswers } from '../transports/answers.ts'
import { checkedTransport } from '../transports/checkedTransport.ts'
import type { CallSender, WriteClient } from '../types/client.ts'
import { type MarketplaceActions, marketplaceActions } from './decorators/marketplace.ts'
import { type SessionActions, sessionActions } from './decorators/session.ts'

/** Any smart account of viem, with what is read of those of this package. */
type AnyAccount = SmartAccount &
  Partial<Omit<FabstirAccountExtension, 'factory' | 'factoryData'> & { grant: SessionGrant }>

/** @typeParam account An account of this package, or any other smart account of viem. */
export type FabstirClientConfig<account extends SmartAccount = AnyAccount> = {
  /** Sends the operations. */
  account: account
  /** The client's own chain by default. */
  chain?: Chain | undefined
  /** To the bundler; `failover([http(a), http(b)])` for several. */
  transport: Transport
  /**
   * To the paymaster service that sponsors the operations; without it the account pays itself. An API key goes with
   * it: `http(url, { fetchOptions: { headers: { Authorization: 'Bearer …' } } })`.
   */
  paymaster?: Transport | undefined
  /** Which sponsorship policy is meant (ERC-7677 context), like `{ policyId: '…' }`. */
  paymasterContext?: Readonly<Record<string, unknown>> | undefined
  /** Client of the chain; the account's by default. */
  client?: Client | undefined
  /** Contracts of the chain, when neither the account nor the chain brings them along. */
  contracts?: AddressBook | undefined
  /** Milliseconds between two questions for a receipt. 100 on the devnet, else 1,000. */
  pollingInterval?: number | undefined
  /** Milliseconds after which waiting for an operation, or for an answer of a service, ends. 120,000 by default. */
  timeout?: number | undefined
  /**
   * Where operations are kept until their end is known, like `localStorage`: a process that starts anew and wants the
   * same calls again finds the operation that it has sent already. For one process at a time.
   */
  storage?: OperationStorage | undefined
}

/**
 * Client of a bundler with the marketplace's actions, over any smart account.
 * @typeParam extension What it was extended with.
 */
export type MarketplaceClient<extension extends object = object> = {
  /** The client with more actions, as {@link FabstirClient} has it. */
  extend<more extends object>(
    actions: (client: MarketplaceClient<extension>) => more,
  ): MarketplaceClient<extension & more>
} & WriteClient &
  MarketplaceActions &
  extension

/**
 * {@link MarketplaceClient} over an account of this package: it has session keys. A session key's client has the same
 * type.
 * @typeParam extension What it was extended with.
 */
export type FabstirClient<extension extends object = object> = {
  /**
   * The same client, signed for by a session key alone.
   * @param grant The grant, or its JSON text.
   * @throws {SessionGrantInvalidError} When it is no grant that this package understands, or one of another account or
   * chain than the client's: `toSessionAccount` makes the account of any grant.
   * @throws {SessionKeyMismatchError} When the grant was made for another key.
   * @throws {KeyNotSupportedError | PublicKeyError} When the key is nothing that signs.
   * @example
   * const app = client.withSession(grant, privateKeyToAccount('0x…'))
   */
  withSession(grant: SessionGrant | string, key: SessionKey): FabstirClient<extension>
  /**
   * The client with more actions: `governanceActions`, `stakingActions`, `modelActions`, `proofActions`,
   * `subscriptionActions`, `protocolActions`, `sessionKeyActions`, or your own.
   * @example
   * const staker = client.extend(stakingActions)
   * await staker.stakeSync({ amount: fab(100), tier: 'gold' })
   */
  extend<more extends object>(
    actions: (client: FabstirClient<extension>) => more,
  ): FabstirClient<extension & more>
} & WriteClient &
  MarketplaceActions &
  SessionActions &
  extension

/** Makes more actions for a client. */
type Extension = (client: FabstirClient) => object

const devnetChainId = 31_337

/**
 * Client of the marketplace: every action is one sponsored User Operation. Over a smart account that is not of this
 * package, it has no session keys.
 * @throws {ContractsNotFoundError} When the chain's contracts are unknown.
 * @throws {ClientNotFoundError} When there is no client of the chain.
 * @example
 * const account = await toFabstirAccount({ client, owner })
 * const fabstir = createFabstirClient({ account, chain, transport: http(BUNDLER), paymaster: http(SPONSOR) })
 * const renter = createFabstirClient({ account: smartAccount, transport: http(BUNDLER), paymaster: http(SPONSOR) })
 */
export function createFabstirClient(
  config: FabstirClientConfig<FabstirAccount | SessionAccount>,
): FabstirClient
export function createFabstirClient(config: FabstirClientConfig): MarketplaceClient
export function createFabstirClient(config: FabstirClientConfig): FabstirClient {
  return createClient(config, createOperationQueues(config.storage))
}

/**
 * @param queues Shared by a client and those made from it: two of one key must not use one nonce.
 * @param extensions What the client was extended with, for the clients made from it.
 */
function createClient(
  config: FabstirClientConfig,
  queues: OperationQueues,
  extensions: readonly Extension[] = [],
): FabstirClient {
  const { account, paymasterContext } = config
  const client = config.client ?? account.client
  if (!client) throw new ClientNotFoundError()
  const chain = config.chain ?? client.chain
  const contracts = resolveContracts(chain, config.contracts ?? account.contracts)
  const wait = {
    pollingInterval: config.pollingInterval ?? (contracts.chainId === devnetChainId ? 100 : 1000),
    timeout: config.timeout ?? defaultTimeout,
  }
  const { timeout } = wait
  const paymaster =
    config.paymaster &&
    createPaymasterClient({
      transport: checkedTransport(config.paymaster, {
        service: 'paymaster',
        answers: paymasterAnswers,
        timeout,
      }),
    })
  const bundler = createViemClient({
    account,
    chain,
    ...(client.dataSuffix && { dataSuffix: client.dataSuffix }),
    transport: checkedTransport(config.transport, {
      service: 'bundler',
      answers: bundlerAnswers,
      timeout,
    }),
    pollingInterval: wait.pollingInterval,
    type: 'bundlerClient',
  })

  const sender: CallSender = {
    has: async (calls) => fabstir.sent.has(await account.encodeCalls(calls)),
    send: (calls, spareGas) => sendOperation(fabstir, calls, spareGas),
    handOver: (userOperationHash) => fabstir.sent.handOver(userOperationHash),
    async confirm(hash) {
      const { logs, userOpHash } = await confirmOperation(fabstir, hash)
      return { logs, userOperationHash: userOpHash }
    },
  }
  const fabstir: WriteClient = Object.assign(bundler, {
    client,
    // What viem's `prepareUserOperation` finds in its own bundler client.
    paymaster,
    paymasterContext,
    userOperation: {
      estimateFeesPerGas: ({ bundlerClient }: { bundlerClient: Client }) =>
        gasPrice(bundlerClient, client, timeout),
    },
    contracts,
    deployment: account.deployment ?? resolveDeployment(contracts),
    ...queues.of(account, contracts.chainId),
    sender,
    wait,
    session: account.grant,
  })
  const extended = Object.assign(fabstir, marketplaceActions(fabstir), sessionActions(fabstir), {
    withSession: (text: SessionGrant | string, key: SessionKey) => {
      assertSessionKeys(account)
      const grant = parseSessionGrant(text)
      assertGrantOf(grant, { chainId: contracts.chainId, account: account.address })
      const parameters = {
        client: client as Parameters<typeof toSessionAccount>[0]['client'],
        grant,
        key,
        contracts,
      }
      const session = toSessionAccount(parameters)
      return createClient({ ...config, client, contracts, account: session }, queues, extensions)
    },
    extend: (extension: Extension) => createClient(config, queues, [...extensions, extension]),
  }) as FabstirClient
  for (const extension of extensions) Object.assign(extended, extension(extended))
  return extended
}

/** What the bundler asks for; the node's own estimate where the bundler does not say. */
async function gasPrice(bundler: Client, node: Client, timeout: number) {
  try {
    const { standard } = await getUserOperationGasPrice(
      bundler as Parameters<typeof getUserOperationGasPrice>[0],
    )
    return standard
  } catch (error) {
    if (findRpcFailure(error)?.code !== methodNotFound) throw error
    return within(timeout, estimateFeesPerGas(node, { chain: node.chain, type: 'eip1559' }))
  }
}

const methodNotFound = -32601
