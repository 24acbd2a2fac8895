/**
 * - `unused`: signed; its first use will install it.
 * - `pending`: installed, and its time has not come.
 * - `active`: it can be used now.
 * - `exhausted`: it has no uses left.
 * - `expired`: its time is over.
 * - `revoked`: revoked, or of an earlier epoch.
 */
export type SessionKeyStatus = 'unused' | 'pending' | 'active' | 'exhausted' | 'expired' | 'revoked'

/**
 * Why an installed key can or cannot be used.
 * @param held What the account's `getSessionKey` says.
 * @param now Unix seconds.
 * @param epochIsOver Whether it is known to be of an earlier epoch.
 */
export function keyStatus(
  held: { active: boolean; validAfter: number; validUntil: number; usesLeft: number },
  { now, epochIsOver }: { now: number; epochIsOver: boolean },
): Exclude<SessionKeyStatus, 'unused'> {
  if (held.active) return 'active'
  if (held.validUntil === 0 || epochIsOver) return 'revoked'
  if (now > held.validUntil) return 'expired'
  if (held.usesLeft === 0) return 'exhausted'
  if (held.validAfter !== 0 && now <= held.validAfter) return 'pending'
  return 'revoked'
}
