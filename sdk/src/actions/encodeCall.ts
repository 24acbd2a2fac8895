import { type Abi, type AbiFunction, type Address, encodeFunctionData } from 'viem'
import type { AccountCall } from '../accounts/fabstir/executeData.ts'
import { type AbiText, type FunctionArgs, toAbi } from '../contracts/abiText.ts'
import type { PreparedCalls } from './preparedCalls.ts'

/** A call of a function with its arguments. */
export function encodeCall<item extends AbiFunction>(
  to: Address,
  text: AbiText<item>,
  args: FunctionArgs<item>,
): AccountCall {
  const abi: readonly AbiFunction[] = toAbi(text)
  const functionName = abi[0]?.name
  const call = { abi: abi as Abi, functionName, args: args as readonly unknown[] }
  return { to, data: encodeFunctionData(call as Parameters<typeof encodeFunctionData>[0]) }
}

/**
 * {@link encodeCall} as all that an action does.
 * @param spareGas See {@link PreparedCalls}.
 */
export function oneCall<item extends AbiFunction>(
  to: Address,
  text: AbiText<item>,
  args: FunctionArgs<item>,
  spareGas = 0n,
): PreparedCalls {
  return { calls: [encodeCall(to, text, args)], spareGas }
}
