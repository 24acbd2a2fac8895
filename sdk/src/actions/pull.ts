import { type Address, encodeFunctionData, isAddressEqual, zeroAddress } from 'viem'
import type { AccountCall } from '../accounts/fabstir/executeData.ts'
import { erc20Abi } from '../contracts/erc20.ts'
import type { PreparedCalls } from './preparedCalls.ts'

/**
 * A token of votes records the balance of its holder's delegate: a new slot (22,100 gas) where a node's estimate
 * may have seen one of this block. EntryPoints from 0.8 on charge nothing for 40,000 gas that stay unused.
 */
export const transferSpareGas = 25_000n

/** A reward's stream writes down what it has given since its last time: nothing yet in a block that has had one. */
export const rewardSpareGas = 25_000n

/**
 * A call that takes `amount` of `token`: ETH goes as its value; a token is approved right before it, exactly, so
 * that nothing stays approved after the pull.
 * @param call The call that pulls; its target is the spender.
 * @param token `address(0)` is ETH.
 * @param amount Smallest unit of the token.
 * @param spareGas See {@link PreparedCalls}; beside that of the token.
 */
export function withPull(
  call: AccountCall,
  token: Address,
  amount: bigint,
  spareGas = 0n,
): PreparedCalls {
  const spends = [{ token, amount }]
  if (isAddressEqual(token, zeroAddress))
    return { calls: [{ ...call, value: amount }], spends, spareGas }
  const approve = {
    to: token,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [call.to, amount] }),
  }
  return { calls: [approve, call], spends, spareGas: spareGas + transferSpareGas }
}
