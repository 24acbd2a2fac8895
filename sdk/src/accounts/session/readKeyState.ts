import { fabstirAccountAbi } from '@fabstir/contracts/abi'
import type { Client } from 'viem'
import { getCode, readContract } from 'viem/actions'
import type { SessionGrant } from './sessionGrant.ts'

export type KeyState = {
  /** The account holds this grant for its key. */
  installed: boolean
  /** The account holds another grant for the key. */
  replaced: boolean
  /** The grant is signed and can still be installed, as long as its time is not over. */
  installable: boolean
  /** It can be used now. */
  active: boolean
  usesLeft: number
}

/**
 * What the account holds of a grant. The account keeps no hash of the policy, because that would cost every grant
 * 22,100 gas: a grant is known by its key, its times, and whether its salt is used.
 */
export async function readKeyState(
  client: Client,
  { account, policy, enable }: Pick<SessionGrant, 'account' | 'policy' | 'enable'>,
): Promise<KeyState> {
  const nothing = { installed: false, replaced: false, active: false, usesLeft: 0 }
  // The epoch of an account begins at 0.
  if (!(await getCode(client, { address: account })))
    return { ...nothing, installable: enable?.epoch === 0 }
  const contract = { abi: fabstirAccountAbi, address: account } as const
  const [[active, validAfter, validUntil, usesLeft], epoch, used] = await Promise.all([
    readContract(client, { ...contract, functionName: 'getSessionKey', args: [policy.key] }),
    readContract(client, { ...contract, functionName: 'sessionEpoch' }),
    // A grant that an operation installed has no salt.
    !enable ||
      readContract(client, { ...contract, functionName: 'isGrantUsed', args: [enable.salt] }),
  ])
  const installable = !used && enable?.epoch === epoch
  const installed =
    used &&
    validUntil === policy.validUntil &&
    validAfter === policy.validAfter &&
    usesLeft <= policy.uses
  if (!installed) return { ...nothing, replaced: validUntil !== 0, installable }
  return { installed, replaced: false, installable, active, usesLeft }
}
