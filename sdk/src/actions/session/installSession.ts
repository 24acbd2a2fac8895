import { type Address, type Hash, isAddressEqual } from 'viem'
import { sessionKeyAddress } from '../../accounts/keys/sessionKeyAddress.ts'
import type { SessionPolicy } from '../../accounts/session/sessionPolicy.ts'
import type { SessionPolicyParameters } from '../../accounts/session/toSessionPolicy.ts'
import * as account from '../../contracts/generated/fabstirAccount.ts'
import { encodeCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite } from '../write.ts'
import { preparePolicy } from './preparePolicy.ts'

/** A key was installed in the account. */
export type GrantSessionEvent = {
  key: Address
  /** Unix seconds; 0 is at once. */
  validAfter: number
  /** Unix seconds. */
  validUntil: number
  uses: number
  /** EIP-712 hash of the policy. */
  policyHash: Hash
}

/** Installs a grant by an operation of the owner. */
export const installSession = defineWrite<SessionPolicyParameters, GrantSessionEvent>({
  eventName: 'SessionKeyAdded',
  async prepare(client, parameters) {
    const { policy } = await preparePolicy(client, parameters)
    return { calls: [installCall(client.account.address, policy)] }
  },
  parse: (log) => parseEvent(log, account.SessionKeyAdded),
  belongs: (event, { key }) => isAddressEqual(event.key, sessionKeyAddress(key)),
})

/** The account's call of itself that installs a policy. */
export function installCall(address: Address, policy: SessionPolicy) {
  return encodeCall(address, account.addSessionKeyWithPolicy, [policy])
}
