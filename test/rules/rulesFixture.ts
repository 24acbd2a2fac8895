import { sponsorPaymasterAbi } from '@fabstir/contracts/abi'
import { readCode } from '@fabstir/contracts/deploy'
import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import {
  type Address,
  concat,
  createWalletClient,
  encodeFunctionData,
  type Hex,
  http,
  maxUint128,
  numberToHex,
  parseAbi,
  parseEther,
} from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import type { PrivateKeyAccount } from 'viem/accounts'
import { privateKeyToAccount } from 'viem/accounts'
import { devnetAccounts } from '../../devnet/src/keys.ts'
import { deploymentOf, encodeCalls, type Stack, signerKey } from '../system/paymasterFixture.ts'
import { returnWords } from './entityCode.ts'

const entryPointAbi = parseAbi(['function getNonce(address, uint192) view returns (uint256)'])
const tokenPaymasterAbi = parseAbi([
  'function setNativeFeed(address feed, uint32 maxAge)',
  'function setToken(address token, (uint8 source, uint16 markupBps, uint112 minPrice, uint112 maxPrice, address feed, uint32 feedMaxAge) terms)',
  'function updatePrice(address token)',
  'function deposit() payable',
  'function addStake(uint32 unstakeDelaySec) payable',
])

/** Wei that paymasters have in the EntryPoint. */
const deposit = parseEther('2')

/** Sends a transaction of the devnet's deployer, or of `from`. */
export async function transact(
  { anvil, client }: Stack,
  transaction: { to: Address; data: Hex; value?: bigint; gas?: bigint },
  from: PrivateKeyAccount | typeof devnetAccounts.deployer = devnetAccounts.deployer,
) {
  const wallet = createWalletClient({
    account: from,
    chain: client.chain,
    transport: http(anvil.url),
  })
  const hash = await wallet.sendTransaction(transaction)
  const receipt = await client.waitForTransactionReceipt({ hash })
  if (receipt.status !== 'success') throw new Error(`transaction ${hash} reverted`)
  return receipt
}

/** An operation with room for everything; paid by its sender and not signed. */
export async function operation(
  { client }: Stack,
  entryPoint: EntryPointAdapter,
  {
    sender,
    key = 0n,
    calls,
    ...fields
  }: { sender: Address; key?: bigint; calls: Calls } & Partial<
    Pick<UserOperation, 'factory' | 'factoryData'>
  >,
): Promise<UserOperation> {
  return {
    sender,
    nonce: await client.readContract({
      address: entryPoint.address,
      abi: entryPointAbi,
      functionName: 'getNonce',
      args: [sender, key],
    }),
    callData: encodeCalls(calls),
    callGasLimit: 500_000n,
    verificationGasLimit: 1_500_000n,
    preVerificationGas: 60_000n,
    maxFeePerGas: 3_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
    signature: '0x',
    ...fields,
  }
}

export type Calls = readonly { target: Address; data: Hex }[]

/** `op` with a secp256k1 signature of an owner or a session key. */
export async function signed(
  { client }: Stack,
  entryPoint: EntryPointAdapter,
  op: UserOperation,
  key: PrivateKeyAccount,
): Promise<UserOperation> {
  const signature = await key.sign({ hash: entryPoint.hash(op, client.chain.id) })
  return { ...op, signature: concat(['0x00', signature]) }
}

/** `op` with the approval of the SponsorPaymaster's signer. */
export async function sponsored(
  { client, contracts }: Stack,
  entryPoint: EntryPointAdapter,
  op: UserOperation,
): Promise<UserOperation> {
  const { sponsorPaymaster } = deploymentOf(contracts, entryPoint.address)
  const now = Number((await client.getBlock()).timestamp)
  const terms = concat([
    numberToHex(1, { size: 16 }),
    numberToHex(now - 60, { size: 6 }),
    numberToHex(now + 600, { size: 6 }),
  ])
  const unsigned: UserOperation = {
    ...op,
    paymaster: sponsorPaymaster,
    paymasterVerificationGasLimit: 100_000n,
    paymasterPostOpGasLimit: 0n,
    paymasterData: concat([terms, numberToHex(0, { size: 65 })]),
  }
  const hash = await client.readContract({
    address: sponsorPaymaster,
    abi: sponsorPaymasterAbi,
    functionName: 'sponsorshipHash',
    args: [toPackedUserOperation(unsigned)],
  })
  const signature = await privateKeyToAccount(signerKey).sign({ hash })
  return { ...unsigned, paymasterData: concat([terms, signature]) }
}

/** `op` paid in `token` to `paymaster`. */
export function paidInToken(op: UserOperation, paymaster: Address, token: Address): UserOperation {
  return {
    ...op,
    paymaster,
    paymasterVerificationGasLimit: 200_000n,
    paymasterPostOpGasLimit: 30_000n,
    paymasterData: concat([numberToHex(maxUint128, { size: 16 }), token]),
  }
}

/** A staked TokenPaymaster that takes USDC at 2,500 for one ether, and 5 percent. The treasury governs it here. */
export async function deployTokenPaymaster(
  stack: Stack,
  entryPoint: EntryPointAdapter,
): Promise<Address> {
  const { client, contracts, walletClient } = stack
  const { treasury } = devnetAccounts
  const { abi, bytecode } = await readCode('TokenPaymaster')
  const hash = await walletClient.deployContract({
    abi,
    bytecode,
    args: [entryPoint.address, treasury.address, treasury.address, treasury.address],
  })
  const { contractAddress: paymaster } = await client.waitForTransactionReceipt({ hash })
  if (!paymaster) throw new Error('no TokenPaymaster was deployed')

  // The feeds are the one thing that is not there; the first word serves as decimals too.
  const { timestamp } = await client.getBlock()
  const feeds = { native: 2_500n * 10n ** 8n, token: 10n ** 8n }
  const [nativeFeed, tokenFeed] = [
    '0x00000000000000000000000000000000000000fe',
    '0x00000000000000000000000000000000000000ff',
  ] as const
  await client.setCode({ address: nativeFeed, bytecode: feedCode(feeds.native, timestamp) })
  await client.setCode({ address: tokenFeed, bytecode: feedCode(feeds.token, timestamp) })
  const terms = {
    source: 1,
    markupBps: 500,
    minPrice: 100_000_000n,
    maxPrice: 100_000_000_000n,
    feed: tokenFeed,
    feedMaxAge: 86_400,
  }
  const call = (data: Hex, value = 0n) =>
    transact(stack, { to: paymaster, data, value }, devnetAccounts.treasury)
  await call(
    encodeFunctionData({
      abi: tokenPaymasterAbi,
      functionName: 'setNativeFeed',
      args: [nativeFeed, 86_400],
    }),
  )
  await call(
    encodeFunctionData({
      abi: tokenPaymasterAbi,
      functionName: 'setToken',
      args: [contracts.usdc, terms],
    }),
  )
  await call(
    encodeFunctionData({
      abi: tokenPaymasterAbi,
      functionName: 'updatePrice',
      args: [contracts.usdc],
    }),
  )
  await call(encodeFunctionData({ abi: tokenPaymasterAbi, functionName: 'deposit' }), deposit)
  await call(
    encodeFunctionData({ abi: tokenPaymasterAbi, functionName: 'addStake', args: [86_400] }),
    parseEther('0.1'),
  )
  return paymaster
}

const feedCode = (answer: bigint, updatedAt: bigint) =>
  returnWords([8n, answer, updatedAt, updatedAt, 8n])
