import { jobMarketplaceAbi, testUsdcAbi } from '@fabstir/contracts/abi'
import type { UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { encodeFunctionData, numberToHex } from 'viem'
import { encodeCalls } from '../../../test/system/paymasterFixture.ts'

type Contracts = { marketplace: Address; usdc: Address }

/** A renter opens a session and approves what it costs: two inner calls, with conditions on the approval. */
export function sessionCallData({ marketplace, usdc }: Contracts, host: Address): Hex {
  const deposit = 5_000_000n
  const approve = encodeFunctionData({
    abi: testUsdcAbi,
    functionName: 'approve',
    args: [marketplace, deposit],
  })
  const open = encodeFunctionData({
    abi: jobMarketplaceAbi,
    functionName: 'createSessionJobWithToken',
    args: [host, usdc, deposit, 2_000n, 3_600n, 100n],
  })
  return encodeCalls([
    { target: usdc, data: approve },
    { target: marketplace, data: open },
  ])
}

/**
 * The `index`th operation of a run: of the senders in turn, each on a nonce key of its own (ERC-4337
 * semi-abstracted nonce), so that all of them are good at the same time.
 */
export function operationAt(
  index: number,
  senders: readonly Address[],
  callData: Hex,
): UserOperation {
  const sender = senders[index % senders.length]
  if (!sender) throw new RangeError('operations need a sender')
  const nonceKey = BigInt(Math.floor(index / senders.length))
  return {
    sender,
    nonce: nonceKey << 64n,
    callData,
    callGasLimit: 400_000n,
    verificationGasLimit: 100_000n,
    preVerificationGas: 60_000n,
    maxFeePerGas: 1_000_000_000n,
    maxPriorityFeePerGas: 100_000_000n,
    signature: '0x',
  }
}

/** Signature of the right length that estimates use: paymasters are asked before the account signs. */
const dummySignature: Hex = `0x00${'fe'.repeat(64)}1b`

/** Body of `pm_getPaymasterData` (ERC-7677). */
export function paymasterDataBody(
  id: number,
  op: UserOperation,
  { entryPoint, chainId }: { entryPoint: Address; chainId: number },
): string {
  const fields = {
    sender: op.sender,
    nonce: numberToHex(op.nonce),
    callData: op.callData,
    callGasLimit: numberToHex(op.callGasLimit),
    verificationGasLimit: numberToHex(op.verificationGasLimit),
    preVerificationGas: numberToHex(op.preVerificationGas),
    maxFeePerGas: numberToHex(op.maxFeePerGas),
    maxPriorityFeePerGas: numberToHex(op.maxPriorityFeePerGas),
    signature: dummySignature,
  }
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'pm_getPaymasterData',
    params: [fields, entryPoint, numberToHex(chainId), {}],
  })
}
