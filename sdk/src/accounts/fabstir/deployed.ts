import type { Address, Client } from 'viem'
import { getCode } from 'viem/actions'

/** Whether an account has code. It is not asked for any more once it has: nothing takes it away. */
export function deployedCheck(client: Client, address: Address): () => Promise<boolean> {
  let deployed = false
  return async () => {
    deployed ||= Boolean(await getCode(client, { address }))
    return deployed
  }
}
