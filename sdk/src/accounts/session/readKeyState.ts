import type { Client } from 'viem'
import { getBlock, getCode } from 'viem/actions'
import { fabstirAccountAbi } from '../../contracts/fabstirAccountAbi.ts'
import { readContract } from '../../contracts/readContract.ts'
import { keyStatus, type SessionKeyStatus } from './keyStatus.ts'
import type { SessionGrant } from './sessionGrant.ts'

export type KeyState = {
  /** The account holds this grant for its key. */
  installed: boolean
  /** The account holds another grant for the key. */
  replaced: boolean
  /** The grant is signed and can still be installed, as long as its time is not over. */
  installable: boolean
  usesLeft: number
  status: SessionKeyStatus
}

/**
 * What the account holds of a grant. The account keeps no hash of the policy, because that would cost every grant
 * 22,100 gas: a grant is known by its key, its times, and whether its salt is used.
 */
export async function readKeyState(
  client: Client,
  grant: Pick<SessionGrant, 'account' | 'policy' | 'enable' | 'epoch'>,
): Promise<KeyState> {
  const { account, policy, enable } = grant
  // The epoch of an account begins at 0.
  if (!(await getCode(client, { address: account })))
    return notInstalled({ replaced: false, installable: enable?.epoch === 0 })
  const contract = { abi: fabstirAccountAbi, address: account } as const
  const [[active, validAfter, validUntil, usesLeft], epoch, used, { timestamp }] =
    await Promise.all([
      readContract(client, { ...contract, functionName: 'getSessionKey', args: [policy.key] }),
      readContract(client, { ...contract, functionName: 'sessionEpoch' }),
      // A grant that an operation installed has no salt.
      !enable ||
        readContract(client, { ...contract, functionName: 'isGrantUsed', args: [enable.salt] }),
      getBlock(client),
    ])
  const installable = !used && enable?.epoch === epoch
  const installed =
    used &&
    validUntil === policy.validUntil &&
    validAfter === policy.validAfter &&
    usesLeft <= policy.uses
  if (!installed) return notInstalled({ replaced: validUntil !== 0, installable })
  const installedIn = enable?.epoch ?? grant.epoch
  const status = keyStatus(
    { active, validAfter, validUntil, usesLeft },
    { now: Number(timestamp), epochIsOver: installedIn !== undefined && installedIn !== epoch },
  )
  return { installed, replaced: false, installable, usesLeft, status }
}

function notInstalled(of: Pick<KeyState, 'replaced' | 'installable'>): KeyState {
  return { ...of, installed: false, usesLeft: 0, status: of.installable ? 'unused' : 'revoked' }
}
