import type { Client } from 'viem'
import { getBlock, getCode } from 'viem/actions'
import { fabstirAccountAbi } from '../../contracts/fabstirAccountAbi.ts'
import { readContract } from '../../contracts/readContract.ts'
import { isDelegatedTo } from '../fabstir/delegation.ts'
import { keyStatus, type SessionKeyStatus } from './keyStatus.ts'
import { readStoredEpoch } from './readStoredEpoch.ts'
import type { SessionGrant } from './sessionGrant.ts'

export type KeyState = {
  /** The account holds this grant for its key. */
  installed: boolean
  /** Another grant lets the key act, or will when its time has come. */
  livesOn: boolean
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
  grant: Pick<SessionGrant, 'account' | 'authorization' | 'policy' | 'enable' | 'epoch'>,
): Promise<KeyState> {
  const { account, authorization, policy, enable } = grant
  // An authorization that is still good has not been used, and so has the grant that carries it not been installed.
  const isThere = authorization
    ? await isDelegatedTo(client, { address: account, implementation: authorization.address })
    : await getCode(client, { address: account })
  if (!isThere) {
    const installable = enable?.epoch === (await readStoredEpoch(client, account))
    return notInstalled({ livesOn: false, installable })
  }
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
  const now = Number(timestamp)
  // Of one that has not begun, the account does not say whether it is of an earlier epoch.
  const livesOn = active || (usesLeft > 0 && now <= validAfter)
  if (!installed) return notInstalled({ livesOn, installable })
  const installedIn = enable?.epoch ?? grant.epoch
  const status = keyStatus(
    { active, validAfter, validUntil, usesLeft },
    { now, epochIsOver: installedIn !== undefined && installedIn !== epoch },
  )
  return { installed, livesOn: false, installable, usesLeft, status }
}

function notInstalled(of: Pick<KeyState, 'livesOn' | 'installable'>): KeyState {
  return { ...of, installed: false, usesLeft: 0, status: of.installable ? 'unused' : 'revoked' }
}
