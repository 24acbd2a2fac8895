import {
  type Abi,
  type Client,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionParameters,
  type ContractFunctionReturnType,
  decodeFunctionResult,
  encodeFunctionData,
} from 'viem'
import { type AtBlock, call } from './call.ts'

type View = 'pure' | 'view'

/**
 * What a view returns. viem's own `readContract` costs a browser 18 kB, most of it for calls without deployment and for
 * off-chain lookups (decision 84). The public actions of a client that has them are used, so that its batches stay.
 * @throws viem's errors of the node and of decoding; `toFabstirError` makes typed ones of them.
 */
export async function readContract<
  const abi extends Abi | readonly unknown[],
  functionName extends ContractFunctionName<abi, View>,
  const args extends ContractFunctionArgs<abi, View, functionName>,
>(
  client: Client,
  parameters: ContractFunctionParameters<abi, View, functionName, args> & AtBlock,
): Promise<ContractFunctionReturnType<abi, View, functionName, args>> {
  const { abi, address, functionName, args, blockNumber, blockTag } =
    parameters as ContractFunctionParameters & AtBlock
  const data = encodeFunctionData({ abi, functionName, args })
  const result = await call(client, { to: address, data, blockNumber, blockTag })
  const read = decodeFunctionResult({ abi, functionName, args, data: result })
  return read as ContractFunctionReturnType<abi, View, functionName, args>
}
