import {
  type Address,
  type Client,
  concatHex,
  type Hex,
  type LocalAccount,
  type PrivateKeyAccount,
} from 'viem'
import { getCode } from 'viem/actions'
import { DelegationError } from '../../errors/key.ts'
import type { OwnerKey } from '../owner.ts'
import type { AccountHome } from './accountHome.ts'

/** Stands for a factory: the EntryPoint takes the delegate out of the transaction's authorizations. */
export const delegationFactory = '0x7702'

/** viem's member of smart accounts that are EOAs: who authorizes which code. */
export type Delegation = { account: PrivateKeyAccount; address: Address }

/** Home of an EOA that runs the account's code by EIP-7702. */
export function delegatedHome(address: Address): AccountHome {
  return { address, factory: delegationFactory, factoryData: '0x' }
}

/** Whether the account's code is `implementation` by EIP-7702. */
export async function isDelegatedTo(
  client: Client,
  { address, implementation }: { address: Address; implementation: Address },
): Promise<boolean> {
  const code: Hex | undefined = await getCode(client, { address })
  return code?.toLowerCase() === concatHex(['0xef0100', implementation]).toLowerCase()
}

/**
 * The owner as the EOA of an EIP-7702 account.
 * @throws {DelegationError} When it is no secp256k1 key, or a salt is given: an EOA has one account.
 */
export function assertDelegatable(owner: OwnerKey, salt: bigint | undefined): LocalAccount {
  if (owner.type !== 'local')
    throw new DelegationError({ problem: `its owner is a ${owner.type} key, which has no EOA` })
  if (salt !== undefined)
    throw new DelegationError({
      account: owner.address,
      problem: 'an EOA is one account, so there is no salt',
    })
  return owner
}

/**
 * Who authorizes the code. A wallet does not sign that for others, so it must have been delegated before.
 * @throws {DelegationError} When the owner signs no authorizations and is not delegated yet.
 */
export async function toDelegation(
  owner: LocalAccount,
  implementation: Address,
  isDelegated: () => Promise<boolean>,
): Promise<Delegation | undefined> {
  // viem's type names keys that it made itself; it asks for `signAuthorization` only.
  if (owner.signAuthorization)
    return { account: owner as LocalAccount & PrivateKeyAccount, address: implementation }
  if (await isDelegated()) return undefined
  throw new DelegationError({
    account: owner.address,
    problem: `its wallet signs no authorizations, and it is not delegated to ${implementation} yet`,
  })
}
