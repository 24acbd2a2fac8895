import type { EntryPointDeployment } from '@fabstir/contracts/addressBook'
import { type Client, isAddressEqual, type PrivateKeyAccount } from 'viem'
import { toAccount } from 'viem/accounts'
import { DelegationError } from '../../errors/key.ts'
import { type Delegation, delegationFactory, isDelegatedTo } from '../fabstir/delegation.ts'
import { deployedCheck } from '../fabstir/deployed.ts'
import type { SessionGrant } from './sessionGrant.ts'

/** Whether the account of a grant has its code. */
export function isDeployedFor(
  client: Client,
  { account: address, factory, authorization }: SessionGrant,
  { accountImplementation }: EntryPointDeployment,
): () => Promise<boolean> {
  if (factory === delegationFactory) {
    const implementation = authorization?.address ?? accountImplementation
    return async () => {
      if (await isDelegatedTo(client, { address, implementation })) return true
      if (authorization) return false
      throw new DelegationError({
        account: address,
        problem: 'it is not delegated any more, and the grant does not delegate it',
      })
    }
  }
  return deployedCheck(client, address)
}

/** The delegation of a grant where viem looks for it: its account signs nothing but what the owner has signed. */
export function grantedDelegation({ account, authorization }: SessionGrant): {
  authorization?: Delegation
} {
  if (!authorization) return {}
  const refuse = async () => {
    throw new DelegationError({ account, problem: 'the grant holds one authorization only' })
  }
  const owner = toAccount({
    address: account,
    signMessage: refuse,
    signTransaction: refuse,
    signTypedData: refuse,
    signAuthorization: async ({ address, contractAddress }) => {
      const delegate = address ?? contractAddress
      if (!delegate || !isAddressEqual(delegate, authorization.address)) return refuse()
      return authorization
    },
  })
  return {
    authorization: { account: owner as PrivateKeyAccount, address: authorization.address },
  }
}
