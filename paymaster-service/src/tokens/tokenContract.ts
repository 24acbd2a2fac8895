import { tokenPaymasterAbi } from '@fabstir/contracts/abi'
import type { UserOperation } from '@fabstir/erc4337'
import type { Address, PublicClient } from 'viem'
import {
  BaseError,
  ContractFunctionRevertedError,
  encodeFunctionData,
  erc20Abi,
  getAddress,
  parseAbi,
  zeroHash,
} from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import { NodeUnavailableError } from '../chain/chainReader.ts'
import type { Call } from '../keeper/keeperWallet.ts'

/** What OpenZeppelin's tokens revert with, behind TokenPaymaster's own errors. */
const erc20Errors = parseAbi([
  'error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)',
  'error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)',
  'error SafeERC20FailedOperation(address token)',
])

/** `enum PriceSource` of ITokenPaymaster. */
const sources = ['none', 'feed', 'quote'] as const

/** How TokenPaymaster prices a token now. Prices are the token's smallest unit for 10^18 wei, without the markup. */
export type TokenTerms = {
  source: (typeof sources)[number]
  /** 0 of a token with quotes, and before the feeds were read. */
  price: bigint
  /** Unix seconds between which the price of the feeds holds. */
  validAfter: number
  validUntil: number
  markupBps: bigint
  /** Whose quotes are taken. */
  quoteSigner: Address
}

export type TokenInfo = { name: string; symbol: string; decimals: number }

/** What TokenPaymaster says to an operation. */
export type TokenValidation =
  | { kind: 'valid' /** Whether it takes the quote's signature. */; signed: boolean }
  | { kind: 'reverted'; error: string; args: readonly unknown[] }

/** What is asked of TokenPaymaster and its tokens. Every method throws NodeUnavailableError when there is no answer. */
export type TokenContract = {
  terms(paymaster: Address, token: Address): Promise<TokenTerms>
  info(token: Address): Promise<TokenInfo>
  /** How long the price would hold if it were updated now, or why it cannot be. */
  nextPrice(paymaster: Address, token: Address): Promise<{ validUntil: number } | { error: string }>
  /** `updatePrice(token)`, which anyone may send. */
  updatePrice(paymaster: Address, token: Address): Call
  /** Unix seconds of the newest block. */
  blockTime(): Promise<number>
  /** What the account has, and lets the paymaster take. */
  funds(
    paymaster: Address,
    token: Address,
    account: Address,
  ): Promise<{ balance: bigint; allowance: bigint }>
  /** The validation of an operation with all of its paymaster's fields, as the EntryPoint would call it. Changes nothing. */
  validate(entryPoint: Address, op: UserOperation, maxCost: bigint): Promise<TokenValidation>
}

/** Reads over JSON-RPC. */
export function tokenContract(
  client: Pick<PublicClient, 'readContract' | 'simulateContract' | 'getBlock'>,
): TokenContract {
  const abi = tokenPaymasterAbi

  return {
    terms: (paymaster, token) =>
      answered(async () => {
        const [[source, price, validAfter, validUntil, markupBps], quoteSigner] = await Promise.all(
          [
            client.readContract({
              address: paymaster,
              abi,
              functionName: 'priceOf',
              args: [token],
            }),
            client.readContract({ address: paymaster, abi, functionName: 'quoteSigner' }),
          ],
        )
        const named = sources[source] ?? 'none'
        return { source: named, price, validAfter, validUntil, markupBps, quoteSigner }
      }),

    info: (token) =>
      answered(async () => {
        const contract = { address: token, abi: erc20Abi } as const
        const [name, symbol, decimals] = await Promise.all([
          client.readContract({ ...contract, functionName: 'name' }),
          client.readContract({ ...contract, functionName: 'symbol' }),
          client.readContract({ ...contract, functionName: 'decimals' }),
        ])
        return { name, symbol, decimals }
      }),

    nextPrice: (address, token) =>
      answered(async () => {
        const call = { address, abi, functionName: 'updatePrice', args: [token] } as const
        try {
          const { result } = await client.simulateContract(call)
          return { validUntil: result[2] }
        } catch (error) {
          return { error: revertOf(error).error }
        }
      }),

    updatePrice: (to, token) => ({
      to,
      data: encodeFunctionData({ abi, functionName: 'updatePrice', args: [token] }),
    }),

    blockTime: () => answered(async () => Number((await client.getBlock()).timestamp)),

    funds: (paymaster, token, account) =>
      answered(async () => {
        const contract = { address: token, abi: erc20Abi } as const
        const [balance, allowance] = await Promise.all([
          client.readContract({ ...contract, functionName: 'balanceOf', args: [account] }),
          client.readContract({
            ...contract,
            functionName: 'allowance',
            args: [account, paymaster],
          }),
        ])
        return { balance, allowance }
      }),

    validate: (entryPoint, op, maxCost) =>
      answered(async () => {
        const { eip7702Auth: _, ...fields } = op
        const packed = toPackedUserOperation({ ...fields, signature: '0x' })
        try {
          const { result } = await client.simulateContract({
            account: entryPoint,
            address: getAddress(op.paymaster ?? '0x'),
            abi: [...abi, ...erc20Errors],
            functionName: 'validatePaymasterUserOp',
            args: [packed, zeroHash, maxCost],
          })
          // The low 160 bits are 1 where a signature is not taken (ERC-4337).
          return { kind: 'valid', signed: BigInt.asUintN(160, result[1]) === 0n }
        } catch (error) {
          return { kind: 'reverted', ...revertOf(error) }
        }
      }),
  }
}

/** What a contract reverted with. @throws What was not a revert. */
function revertOf(error: unknown): { error: string; args: readonly unknown[] } {
  const reverted =
    error instanceof BaseError
      ? error.walk((cause) => cause instanceof ContractFunctionRevertedError)
      : undefined
  if (!(reverted instanceof ContractFunctionRevertedError)) throw error
  const { data, reason } = reverted
  return {
    error: data?.errorName ?? 'unknown',
    args: data?.args ?? [reason ?? reverted.raw ?? '0x'],
  }
}

async function answered<value>(ask: () => Promise<value>): Promise<value> {
  try {
    return await ask()
  } catch (cause) {
    throw new NodeUnavailableError(cause)
  }
}
