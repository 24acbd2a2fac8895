import {
  type Abi,
  type Address,
  type ContractFunctionName,
  type EncodeFunctionDataParameters,
  encodeFunctionData,
  zeroAddress,
} from 'viem'
import { type ContractName, resolveContract } from '../contracts/contractName.ts'
import type { ActionCall } from './write.ts'

export type ContractCallParameters<
  abi extends Abi | readonly unknown[],
  name extends ContractFunctionName<abi> | undefined,
> = EncodeFunctionDataParameters<abi, name> & {
  /** A contract of the address book by name, or any other one. */
  contract: ContractName | Address
  /** Wei that goes along. */
  value?: bigint | undefined
}

/**
 * Any call of a contract as a part of a batch or of a proposal, for what has no action of its own. It has no event.
 * @example
 * contractCall({ contract: 'marketplace', abi: jobMarketplaceAbi, functionName: 'setFees', args: [900n, 500n] })
 */
export function contractCall<
  const abi extends Abi | readonly unknown[],
  name extends ContractFunctionName<abi> | undefined = undefined,
>(parameters: ContractCallParameters<abi, name>): ActionCall<undefined> {
  const { contract, value = 0n, ...call } = parameters as ContractCallParameters<Abi, string>
  const data = encodeFunctionData(call as Parameters<typeof encodeFunctionData>[0])
  return {
    prepare: ({ contracts }) => ({
      calls: [{ to: resolveContract(contracts, contract), value, data }],
      ...(value > 0n && { spends: [{ token: zeroAddress, amount: value }] }),
    }),
    takeEvent: (logs) => ({ event: undefined, rest: [...logs] }),
  }
}
