import { fabstirAccountAbi } from '@fabstir/contracts/abi'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import { readKeyState } from '../../accounts/session/readKeyState.ts'
import type { SessionGrant } from '../../accounts/session/sessionGrant.ts'
import { tokenName } from '../../contracts/tokens.ts'
import { withTypedErrors } from '../../errors/explainFailure.ts'
import type { ReadClient } from '../../types/client.ts'
import type { Token } from '../../units/amounts.ts'

export type SessionKeyState = {
  key: Address
  /**
   * 'unused': signed, and its first use will install it. 'inactive': installed, but used up, expired or of an earlier
   * epoch. 'revoked': revoked, cancelled, or replaced by another grant of the key.
   */
  status: 'unused' | 'active' | 'inactive' | 'revoked'
  /** Operations that it may still send, as the account has it. */
  usesLeft: number
  /** Unix seconds. */
  validUntil: number
  /** What it may still spend, in the smallest unit of each token, as the account has it. */
  limits: { token: Token; left: bigint; perCall: bigint }[]
}

/**
 * What the account holds of a grant: remaining uses and limits.
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
  const { policy, account } = grant
  const { installed, installable, active, usesLeft } = await readKeyState(client, grant)
  const limits = await Promise.all(
    policy.limits.map(async ({ token }) => {
      const name = tokenName(contracts, token)
      if (!installed) return { token: name, left: 0n, perCall: 0n }
      const [left, perCall] = await readContract(client, {
        abi: fabstirAccountAbi,
        address: account,
        functionName: 'getSessionLimit',
        args: [policy.key, token],
      })
      return { token: name, left, perCall }
    }),
  )
  const held = active ? 'active' : 'inactive'
  const status = installed ? held : installable ? 'unused' : 'revoked'
  return { key: policy.key, status, usesLeft, validUntil: policy.validUntil, limits }
}
