import { readStoredEpoch } from '../../accounts/session/readStoredEpoch.ts'
import { fabstirAccountAbi } from '../../contracts/fabstirAccountAbi.ts'
import { readContract } from '../../contracts/readContract.ts'
import type { PrepareClient } from '../preparedCalls.ts'

/** Session epoch of the client's account, also where its code is not there, or not any more. */
export async function readEpoch({ client, account }: PrepareClient): Promise<number> {
  if (!(await account.isDeployed())) return readStoredEpoch(client, account.address)
  return readContract(client, {
    abi: fabstirAccountAbi,
    address: account.address,
    functionName: 'sessionEpoch',
  })
}
