import { type Address, type Hex, zeroHash } from 'viem'
import { type ContractName, resolveContract } from '../../contracts/contractName.ts'
import * as guard from '../../contracts/generated/parameterGuard.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'
import { toSetterSelector } from './setterSelector.ts'

export type GetParameterParameters = {
  /** Contract that the timelock owns, by its name in the address book or its address. */
  contract: ContractName | Address
  /** Setter, like 'setTokenLimits(address,uint256,uint256)'. */
  setter: string
  /** First argument of a setter that is listed for each of them, as the ABI encodes it; zero by default. */
  key?: Hex | undefined
}

export type ParameterBounds = {
  /** What proposals call it. */
  name: string
  minimum: bigint
  maximum: bigint
}

/**
 * Bounds of the values of a listed setter, within which a simple majority may set them.
 * @throws {ContractRevertedError} `ParameterGuardNotListed` when it is not listed.
 * @example
 * const [bounds] = await getParameter(client, { contract: 'marketplace', setter: 'setClosingWindow(uint256)' })
 */
export async function getParameter(
  client: ReadClient,
  { contract, setter, key = zeroHash }: GetParameterParameters,
): Promise<ParameterBounds[]> {
  const { contracts } = client
  const { values } = await readView(client, contracts.parameterGuard, guard.getParameter, [
    resolveContract(contracts, contract),
    toSetterSelector(setter),
    key,
  ])
  return values.map(({ name, minimum, maximum }) => ({ name, minimum, maximum }))
}
