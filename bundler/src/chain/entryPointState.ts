import type { Address, Hex } from 'viem'
import {
  decodeAbiParameters,
  decodeFunctionResult,
  encodeFunctionData,
  numberToHex,
  parseAbi,
} from 'viem'
import type { ChainReader } from './reader.ts'

const abi = parseAbi([
  'function balanceOf(address account) view returns (uint256)',
  'function getNonce(address sender, uint192 key) view returns (uint256)',
  'function getDepositInfo(address account) view returns (uint256 deposit, bool staked, uint256 stake, uint256 unstakeDelaySec, uint256 withdrawTime)',
])

type Call = Pick<ChainReader, 'call'>

/** Wei that `account` has deposited at the EntryPoint. */
export function getDeposit(reader: Call, entryPoint: Address, account: Address): Promise<bigint> {
  return readUint(
    reader,
    entryPoint,
    encodeFunctionData({ abi, args: [account], functionName: 'balanceOf' }),
  )
}

/**
 * The next nonce (key and sequence) that the EntryPoint accepts from `sender` on the key of `nonce`.
 * @param block Number of the block whose state is asked for; the newest one unless told.
 */
export function getNextNonce(
  reader: Call,
  entryPoint: Address,
  { sender, nonce }: { sender: Address; nonce: bigint },
  block?: number,
): Promise<bigint> {
  const data = encodeFunctionData({ abi, args: [sender, nonce >> 64n], functionName: 'getNonce' })
  return readUint(reader, entryPoint, data, block)
}

/** What `account` has staked at the EntryPoint. Nothing once it has asked for its stake back. */
export async function getStake(
  reader: Call,
  entryPoint: Address,
  account: Address,
): Promise<{ stake: bigint; unstakeDelaySec: bigint }> {
  const data = encodeFunctionData({ abi, args: [account], functionName: 'getDepositInfo' })
  const result = await reader.call({ to: entryPoint, data })
  if (!result.ok || result.data === '0x') return { stake: 0n, unstakeDelaySec: 0n }
  const [, staked, stake, unstakeDelaySec] = decodeFunctionResult({
    abi,
    functionName: 'getDepositInfo',
    data: result.data,
  })
  return staked ? { stake, unstakeDelaySec } : { stake: 0n, unstakeDelaySec: 0n }
}

async function readUint(reader: Call, to: Address, data: Hex, block?: number): Promise<bigint> {
  const result = await reader.call({
    to,
    data,
    ...(block !== undefined && { blockTag: numberToHex(block) }),
  })
  // An address without code answers '0x': there is no EntryPoint, hence no deposit and no nonce.
  if (!result.ok || result.data === '0x') return 0n
  return decodeAbiParameters([{ type: 'uint256' }], result.data)[0]
}
