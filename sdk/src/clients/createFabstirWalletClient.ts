import type { AddressBook } from '@fabstir/contracts/addressBook'
import {
  type Account,
  type Address,
  type Chain,
  type Client,
  createClient,
  custom,
  type EIP1193Provider,
  type Hash,
  type Hex,
  type Transport,
  type TypedData,
  type TypedDataDefinition,
  type WalletClient,
} from 'viem'
import { signTypedData } from 'viem/actions'
import { resolveContracts } from '../contracts/addressBooks.ts'
import { WalletAccountNotFoundError } from '../errors/wallet.ts'
import { defaultTimeout } from '../operations/within.ts'
import type { ReadClient, WaitOptions, WriteClient } from '../types/client.ts'
import { toWalletError } from '../wallets/walletFailure.ts'
import {
  type WalletCalls,
  type WalletPaymasterService,
  walletSender,
} from '../wallets/walletSender.ts'
import { type MarketplaceActions, marketplaceActions } from './decorators/marketplace.ts'

export type FabstirWalletClientConfig = {
  /** A wallet that speaks EIP-5792: an EIP-1193 provider, or viem's client of one. */
  wallet: EIP1193Provider | WalletClient<Transport, Chain | undefined, Account | undefined>
  /** Which of the wallet's accounts acts; the client's, else the first one. */
  account?: Address | undefined
  /** Client of the chain, to read by. */
  client: Client
  /** The client's own chain by default. */
  chain?: Chain | undefined
  /** Contracts of the chain, when the chain does not bring them along. */
  contracts?: AddressBook | undefined
  /** Who pays for the gas; the account itself by default. */
  paymasterService?: WalletPaymasterService | undefined
  /** Milliseconds between two questions after sent calls. 100 on the devnet, else 1,000. */
  pollingInterval?: number | undefined
  /** Milliseconds after which waiting for calls ends. 120,000 by default. */
  timeout?: number | undefined
}

/** An action as a wallet does it: its calls have a name of the wallet instead of an operation's hash. */
export type WalletAction<action> = action extends (...args: infer args) => Promise<infer result>
  ? [result] extends [Hash]
    ? (...args: args) => Promise<string>
    : [result] extends [{ userOperationHash: Hash }]
      ? (...args: args) => Promise<Omit<result, 'userOperationHash'> & WalletCalls>
      : action
  : action

/** Actions as a wallet does them. */
export type WalletActions<actions> = {
  [name in keyof actions]: WalletAction<actions[name]>
}

/** The account of a wallet, which signs there. */
export type WalletAccount = {
  address: Address
  type: 'json-rpc'
  signTypedData<
    const typedData extends TypedData | Record<string, unknown>,
    primaryType extends keyof typedData | 'EIP712Domain' = keyof typedData,
  >(parameters: TypedDataDefinition<typedData, primaryType>): Promise<Hex>
}

/**
 * Client of the marketplace that sends by a wallet. It has no session keys, which only an account of this package has.
 * @typeParam extension What it was extended with.
 */
export type FabstirWalletClient<extension extends object = object> = ReadClient & {
  account: WalletAccount
  /** viem's client of the wallet. */
  wallet: Client
  /**
   * The client with more actions, like `stakingActions`.
   * @example
   * const staker = wallet.extend(stakingActions)
   */
  extend<more extends object>(
    actions: (client: WriteClient) => more,
  ): FabstirWalletClient<extension & WalletActions<more>>
} & WalletActions<Omit<MarketplaceActions, 'preflight'>> &
  extension

/**
 * Client of the marketplace over any wallet of EIP-5792. Several calls of an action, and all of a batch, go to the
 * wallet as one that has to be atomic.
 * @throws {ContractsNotFoundError} When the chain's contracts are unknown.
 * @throws {WalletAccountNotFoundError | WalletRejectedError} When the wallet gives no account.
 * @example
 * const wallet = await createFabstirWalletClient({ client, wallet: provider, paymasterService: { url: SPONSOR } })
 * const { jobId, callsId } = await wallet.postJobSync({ model: 'llama-70b', prompt: 'bafy…', payment: usdc(1) })
 */
export async function createFabstirWalletClient(
  config: FabstirWalletClientConfig,
): Promise<FabstirWalletClient> {
  const { client, chain = client.chain, paymasterService } = config
  const contracts = resolveContracts(chain, config.contracts)
  const wallet = createClient({ chain, transport: custom(config.wallet) })
  const address = config.account ?? (await findAccount(config.wallet, wallet, contracts))
  const wait: WaitOptions = {
    pollingInterval: config.pollingInterval ?? (contracts.chainId === devnetChainId ? 100 : 1000),
    timeout: config.timeout ?? defaultTimeout,
  }
  const account: WalletAccount = {
    address,
    type: 'json-rpc',
    signTypedData: (parameters) =>
      signTypedData(wallet, { ...parameters, account: address } as Parameters<
        typeof signTypedData
      >[1]),
  }
  const sender = walletSender({ wallet, account: address, contracts, paymasterService, wait })
  return extendable({
    client,
    contracts,
    account,
    wallet,
    wait,
    sender,
  })
}

const devnetChainId = 31_337

/** What is bound to a wallet. Its actions read, send by `sender`, and know an address; nothing else of a {@link WriteClient}. */
type WalletParts = Pick<WriteClient, 'client' | 'contracts' | 'wait'> & {
  account: WalletAccount
  wallet: Client
  sender: ReturnType<typeof walletSender>
}

function extendable(
  parts: WalletParts,
  extensions: readonly ((client: WriteClient) => object)[] = [],
): FabstirWalletClient {
  const bound = { ...parts } as unknown as WriteClient
  const { preflight: _, ...actions } = marketplaceActions(bound)
  return Object.assign(bound, actions, ...extensions.map((extension) => extension(bound)), {
    extend: (extension: (client: WriteClient) => object) =>
      extendable(parts, [...extensions, extension]),
  }) as unknown as FabstirWalletClient
}

async function findAccount(
  given: FabstirWalletClientConfig['wallet'],
  wallet: Client,
  contracts: AddressBook,
): Promise<Address> {
  if ('account' in given && given.account) return given.account.address
  const method = 'eth_requestAccounts'
  try {
    const [address] = await wallet.request({ method })
    if (!address) throw new WalletAccountNotFoundError()
    return address
  } catch (error) {
    throw toWalletError(error, { contracts }, { account: contracts.marketplace, method })
  }
}
