import type { Address } from 'viem'
import { assertGrantOf } from '../../accounts/session/assertGrantOf.ts'
import type { SessionKeyStatus } from '../../accounts/session/keyStatus.ts'
import { readKeyState } from '../../accounts/session/readKeyState.ts'
import type { SessionGrant } from '../../accounts/session/sessionGrant.ts'
import { tokenName } from '../../contracts/tokens.ts'
import { withTypedErrors } from '../../errors/explainFailure.ts'
import type { ReadClient } from '../../types/client.ts'
import { readLimit, type SessionKeyLimit } from './readLimit.ts'

export type SessionKeyState = {
  key: Address
  /** 'revoked' is also a grant that was cancelled, ended with its epoch, or was replaced by another one of its key. */
  status: SessionKeyStatus
  /** Operations that it was granted. */
  uses: number
  /** Operations that it may still send, as the account has it. */
  usesLeft: number
  /** Unix seconds; 0 is at once. */
  validAfter: number
  /** Unix seconds. */
  validUntil: number
  /** What it may spend, as the account has it. */
  limits: readonly SessionKeyLimit[]
}

/**
 * What the account holds of a grant: remaining uses and limits.
 * @throws {SessionGrantInvalidError} When it is a grant of another chain than the client's.
 * @example
 * const { usesLeft, limits } = await getSessionKey(client, grant)
 */
export async function getSessionKey(
  client: ReadClient,
  grant: SessionGrant,
): Promise<SessionKeyState> {
  return withTypedErrors(client, () => readSessionKey(client, grant))
}

async function readSessionKey(
  { client, contracts }: ReadClient,
  grant: SessionGrant,
): Promise<SessionKeyState> {
  assertGrantOf(grant, contracts)
  const { policy, account } = grant
  const { installed, status, usesLeft } = await readKeyState(client, grant)
  const limits = await Promise.all(
    policy.limits.map(async ({ token, total }) => {
      const { left, perCall } = installed
        ? await readLimit(client, { account, key: policy.key, token })
        : { left: 0n, perCall: 0n }
      return { token: tokenName(contracts, token), total: BigInt(total), left, perCall }
    }),
  )
  const { key, uses, validAfter, validUntil } = policy
  return { key, status, uses, usesLeft, validAfter, validUntil, limits }
}
