import type { AddressBook, EntryPointDeployment } from '@fabstir/contracts/addressBook'
import { type Address, type Client, encodeFunctionData, type Hex } from 'viem'
import { toAbi } from '../../contracts/abiText.ts'
import * as accountFactory from '../../contracts/generated/fabstirAccountFactory.ts'
import { readContract } from '../../contracts/readContract.ts'
import { withTypedErrors } from '../../errors/explainFailure.ts'

const factoryAbi = [...toAbi(accountFactory.createAccount), ...toAbi(accountFactory.getAddress)]

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
  const factory = { abi: factoryAbi, address: deployment.accountFactory } as const
  const args = [owner, salt] as const
  const address = await withTypedErrors({ client, contracts }, () =>
    readContract(client, { ...factory, functionName: 'getAddress', args }),
  )
  const factoryData = encodeFunctionData({ ...factory, functionName: 'createAccount', args })
  return { address, factory: factory.address, factoryData }
}
