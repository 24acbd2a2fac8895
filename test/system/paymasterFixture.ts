import { fabstirAccountFactoryAbi, jobMarketplaceAbi } from '@fabstir/contracts/abi'
import type { AddressBook } from '@fabstir/contracts/addressBook'
import { deployFabstir, readAccountCode } from '@fabstir/contracts/deploy'
import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { getEntryPointAdapter } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import {
  concat,
  createTestClient,
  createWalletClient,
  encodeAbiParameters,
  encodeFunctionData,
  http,
  parseAbi,
  parseAbiParameters,
  parseEther,
  parseGwei,
  publicActions,
} from 'viem'
import {
  createPaymasterClient,
  entryPoint08Address,
  entryPoint09Address,
} from 'viem/account-abstraction'
import type { PrivateKeyAccount } from 'viem/accounts'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { installEntryPoints } from '../../devnet/src/entryPoints/installEntryPoints.ts'
import { fundSponsors } from '../../devnet/src/fundSponsors.ts'
import { devnetAccounts } from '../../devnet/src/keys.ts'
import { startAnvil } from '../../devnet/src/processes/anvil.ts'
import type {
  PaymasterService,
  PaymasterServiceOptions,
} from '../../paymaster-service/src/service.ts'
import { defaultMarketplacePolicy } from '../../paymaster-service/src/service.ts'

export const apiKey = 'paymaster-system-test'
export const signerKey = generatePrivateKey()
const executeAbi = parseAbi(['function execute(bytes32 mode, bytes executionData)'])
const callsParameters = parseAbiParameters([
  'Call[] calls',
  'struct Call { address target; uint256 value; bytes data; }',
])

export type Stack = Awaited<ReturnType<typeof startStack>>

/** A chain with EntryPoints and contracts, without bundler and paymaster service. */
export async function startStack() {
  const anvil = await startAnvil({ port: 0 })
  await installEntryPoints({ rpcUrl: anvil.url })
  const chain = { ...foundry, rpcUrls: { default: { http: [anvil.url] } } }
  const client = createTestClient({
    chain,
    mode: 'anvil',
    transport: http(anvil.url),
    pollingInterval: 20,
  }).extend(publicActions)
  const clients = {
    publicClient: client,
    walletClient: createWalletClient({
      account: devnetAccounts.deployer,
      chain,
      transport: http(anvil.url),
    }),
  }
  const { deployer, council, treasury, sponsorOperator } = devnetAccounts
  const contracts = await deployFabstir({
    ...clients,
    entryPoints: [
      { address: entryPoint08Address, version: '0.8' },
      { address: entryPoint09Address, version: '0.9' },
    ],
    treasury: treasury.address,
    fabHolder: deployer.address,
    guardians: [council.address],
    arbiter: council.address,
    resolvers: [council.address],
    quoteSigner: council.address,
    sponsor: {
      signers: [privateKeyToAccount(signerKey).address, devnetAccounts.sponsorSpareSigner.address],
      operator: sponsorOperator.address,
      treasury: treasury.address,
    },
  })
  await fundSponsors(clients, contracts, parseEther('5'))
  const accountCode = await readAccountCode(client, contracts)
  return { anvil, client, contracts, accountCode, ...clients }
}

export function serviceOptions(
  { anvil, contracts, accountCode }: Pick<Stack, 'anvil' | 'contracts' | 'accountCode'>,
  overrides: Partial<PaymasterServiceOptions> & { budgetWei?: bigint } = {},
) {
  const { budgetWei = parseEther('1'), ...options } = overrides
  const { deployments } = contracts
  return {
    rpcUrl: anvil.url,
    chainId: foundry.id,
    paymasters: Object.fromEntries(
      deployments.map(({ entryPoint, sponsorPaymaster }) => [entryPoint, sponsorPaymaster]),
    ),
    signerKey,
    apps: [{ name: 'test', apiKey, policies: ['marketplace'] }],
    policies: [
      defaultMarketplacePolicy({
        ...contracts,
        entryPoints: deployments.map(({ entryPoint }) => entryPoint),
        factories: deployments.map(({ accountFactory }) => accountFactory),
        accounts: accountCode,
        budgetWei,
        operationWei: parseEther('0.05'),
        maxFeePerGas: parseGwei('100'),
        userDayWei: parseEther('0.2'),
      }),
    ],
    store: 'memory',
    port: 0,
    pollingIntervalMs: 20,
    logLevel: 'error',
    ...options,
  } satisfies PaymasterServiceOptions
}

export type TestAccount = {
  owner: PrivateKeyAccount
  address: Address
  factory: Address
  factoryData: Hex
}

/** A new FabstirAccount that the first operation deploys. */
export async function newAccount(
  { client, contracts }: Pick<Stack, 'client' | 'contracts'>,
  entryPoint: Address,
): Promise<TestAccount> {
  const owner = privateKeyToAccount(generatePrivateKey())
  const factory = deploymentOf(contracts, entryPoint).accountFactory
  const call = {
    abi: fabstirAccountFactoryAbi,
    args: [owner.address, 0n],
  } as const
  return {
    owner,
    factory,
    address: await client.readContract({ ...call, address: factory, functionName: 'getAddress' }),
    factoryData: encodeFunctionData({ ...call, functionName: 'createAccount' }),
  }
}

export function deploymentOf({ deployments }: AddressBook, entryPoint: Address) {
  const found = deployments.find((deployment) => deployment.entryPoint === entryPoint)
  if (!found) throw new RangeError(`nothing is deployed for EntryPoint ${entryPoint}`)
  return found
}

export function adapterOf(entryPoint: Address): EntryPointAdapter {
  const adapter = getEntryPointAdapter(entryPoint)
  if (!adapter) throw new RangeError(`no adapter for EntryPoint ${entryPoint}`)
  return adapter
}

export function encodeCalls(calls: readonly { target: Address; data: Hex }[]): Hex {
  const executions = calls.map((call) => ({ ...call, value: 0n }))
  return encodeFunctionData({
    abi: executeAbi,
    functionName: 'execute',
    args: [`0x01${'00'.repeat(31)}`, encodeAbiParameters(callsParameters, [executions])],
  })
}

/** An operation that calls the marketplace and deploys its account. Not sponsored and not signed. */
export function newOperation(
  { contracts }: Pick<Stack, 'contracts'>,
  { address, factory, factoryData, owner }: TestAccount,
  overrides: Partial<UserOperation> = {},
): UserOperation {
  const data = encodeFunctionData({
    abi: jobMarketplaceAbi,
    functionName: 'setDefaultCoSigner',
    args: [owner.address],
  })
  return {
    sender: address,
    nonce: 0n,
    factory,
    factoryData,
    callData: encodeCalls([{ target: contracts.marketplace, data }]),
    callGasLimit: 150_000n,
    verificationGasLimit: 600_000n,
    preVerificationGas: 60_000n,
    maxFeePerGas: 3_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
    signature: '0x',
    ...overrides,
  }
}

/** viem's own ERC-7677 client. */
export function paymasterClient({ url }: Pick<PaymasterService, 'url'>) {
  const headers = { Authorization: `Bearer ${apiKey}` }
  return createPaymasterClient({
    transport: http(url, { fetchOptions: { headers }, retryCount: 0 }),
  })
}

/** Asks for the final data and puts it into the operation. */
export async function sponsored(
  service: Pick<PaymasterService, 'url'>,
  entryPoint: Address,
  op: UserOperation,
): Promise<UserOperation> {
  const { factory, factoryData, ...rest } = op
  const data = await paymasterClient(service).getPaymasterData({
    chainId: foundry.id,
    entryPointAddress: entryPoint,
    ...rest,
    ...(factory ? { factory, factoryData: factoryData ?? '0x' } : {}),
  })
  if (!('paymasterData' in data) || !data.paymaster || !data.paymasterData)
    throw new TypeError('expected data for EntryPoint 0.7 or later')
  return {
    ...op,
    paymaster: data.paymaster,
    paymasterData: data.paymasterData,
    paymasterVerificationGasLimit: data.paymasterVerificationGasLimit ?? 0n,
    paymasterPostOpGasLimit: data.paymasterPostOpGasLimit ?? 0n,
  }
}

export async function signed(
  { owner: { sign } }: TestAccount,
  entryPoint: Address,
  op: UserOperation,
): Promise<UserOperation> {
  const hash = adapterOf(entryPoint).hash(op, foundry.id)
  return { ...op, signature: concat(['0x00', await sign({ hash })]) }
}
