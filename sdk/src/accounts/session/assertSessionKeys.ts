import type { Address } from 'viem'
import { SessionKeysNotSupportedError } from '../../errors/session.ts'

/**
 * Refuses session actions of accounts that have no session keys, before anything is signed.
 * @throws {SessionKeysNotSupportedError} When it is no account of this package.
 */
export function assertSessionKeys(account: { address: Address }): void {
  if (!('nonceKey' in account)) throw new SessionKeysNotSupportedError({ account: account.address })
}
