import type { Abi, AbiFunction, Address } from 'viem'
import { type AbiText, type FunctionArgs, toAbi, type ViewResult } from '../contracts/abiText.ts'
import { readContract } from '../contracts/readContract.ts'
import { withTypedErrors } from '../errors/explainFailure.ts'
import type { ReadClient } from '../types/client.ts'

/**
 * What a view of a contract returns.
 * @throws {NodeUnavailableError | ChainMismatchError | ContractRevertedError} As {@link withTypedErrors} does.
 */
export async function readView<item extends AbiFunction>(
  client: ReadClient,
  address: Address,
  text: AbiText<item>,
  args: FunctionArgs<item>,
): Promise<ViewResult<item>> {
  const abi: readonly AbiFunction[] = toAbi(text)
  const functionName = abi[0]?.name
  const call = { abi: abi as Abi, address, functionName, args: args as readonly unknown[] }
  const result = await withTypedErrors(client, () =>
    readContract(client.client, call as Parameters<typeof readContract>[1]),
  )
  return result as ViewResult<item>
}
