import { fabstirAccountAbi } from '../../contracts/fabstirAccountAbi.ts'
import { readContract } from '../../contracts/readContract.ts'
import type { PrepareClient } from '../preparedCalls.ts'

/** Session epoch of the client's account; 0 before it is deployed. */
export async function readEpoch({ client, account }: PrepareClient): Promise<number> {
  if (!(await account.isDeployed())) return 0
  return readContract(client, {
    abi: fabstirAccountAbi,
    address: account.address,
    functionName: 'sessionEpoch',
  })
}
