import type { Address, SignedAuthorization } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { prepareAuthorization } from 'viem/actions'
import { isDelegatedTo } from '../accounts/fabstir/delegation.ts'
import { signedWithin } from './signedWithin.ts'
import { defaultTimeout, within } from './within.ts'

/**
 * The EIP-7702 authorization that has to go with the next operation of an account; `undefined` when none has.
 * @param chainId Of the address book. The node is not asked: one that said 0 would get a signature that is good on
 * every chain.
 * @param timeout Milliseconds for each answer of the node, and for the key.
 * @throws {KeySignatureError} When the key gives no signature in time.
 */
export async function signDelegation(
  account: SmartAccount,
  chainId: number,
  timeout = defaultTimeout,
): Promise<SignedAuthorization | undefined> {
  const { client, authorization } = account
  if (!authorization) return undefined
  if (await within(timeout, isDelegated(account, authorization.address))) return undefined
  const unsigned = prepareAuthorization(client, { ...authorization, chainId })
  return signedWithin(
    timeout,
    authorization.account.signAuthorization(await within(timeout, unsigned)),
  )
}

/** viem's accounts call an EOA deployed that runs anybody's code; those of this package do not. */
function isDelegated(account: SmartAccount, implementation: Address): Promise<boolean> {
  const { client, address } = account
  return 'nonceKey' in account
    ? account.isDeployed()
    : isDelegatedTo(client, { address, implementation })
}
