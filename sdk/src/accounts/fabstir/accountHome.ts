import type { AddressBook, EntryPointDeployment } from '@fabstir/contracts/addressBook'
import { type Address, type Client, encodeFunctionData, type Hex } from 'viem'
import { toAbi } from '../../contracts/abiText.ts'
import { createAccount, getAddress } from '../../contracts/generated/fabstirAccountFactory.ts'
import { readContract } from '../../contracts/readContract.ts'
import { withTypedErrors } from '../../errors/explainFailure.ts'

/** Where an account is, and what brings its code there. */
export type AccountHome = {
  address: Address
  factory: Address
  factoryData: Hex
}

/**
 * Home of an account behind a proxy of the factory, which its first operation deploys.
 * @param owner 20 bytes of an address, or 64 bytes x ‖ y of a P-256 key.
 */
export async function readAccountHome(
  client: Client,
  {
    owner,
    salt,
    contracts,
    deployment,
  }: { owner: Hex; salt: bigint; contracts: AddressBook; deployment: EntryPointDeployment },
): Promise<AccountHome> {
  const factory = deployment.accountFactory
  const args = [owner, salt] as const
  const address = await withTypedErrors({ client, contracts }, () =>
    readContract(client, {
      abi: toAbi(getAddress),
      address: factory,
      functionName: 'getAddress',
      args,
    }),
  )
  const factoryData = encodeFunctionData({
    abi: toAbi(createAccount),
    functionName: 'createAccount',
    args,
  })
  return { address, factory, factoryData }
}
