import type { Address, SignedAuthorization } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { signAuthorization } from 'viem/actions'
import { isDelegatedTo } from '../accounts/fabstir/delegation.ts'

/**
 * The EIP-7702 authorization that has to go with the next operation of an account; `undefined` when none has.
 * @param chainId Of the address book. The node is not asked: one that said 0 would get a signature that is good on
 * every chain.
 */
export async function signDelegation(
  account: SmartAccount,
  chainId: number,
): Promise<SignedAuthorization | undefined> {
  const { client, authorization } = account
  if (!authorization || (await isDelegated(account, authorization.address))) return undefined
  return signAuthorization(client, { ...authorization, chainId })
}

/** viem's accounts call an EOA deployed that runs anybody's code; those of this package do not. */
function isDelegated(account: SmartAccount, implementation: Address): Promise<boolean> {
  const { client, address } = account
  return 'nonceKey' in account
    ? account.isDeployed()
    : isDelegatedTo(client, { address, implementation })
}
