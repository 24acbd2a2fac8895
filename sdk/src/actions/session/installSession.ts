import { type Address, encodeFunctionData, type Hash } from 'viem'
import type { SessionPolicy } from '../../accounts/session/sessionPolicy.ts'
import type { SessionPolicyParameters } from '../../accounts/session/toSessionPolicy.ts'
import { fabstirAccountAbi } from '../../contracts/fabstirAccountAbi.ts'
import { decodeEvent } from '../decodeEvent.ts'
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
  parse: (log) => decodeEvent(log, fabstirAccountAbi, 'SessionKeyAdded'),
})

/** The account's call of itself that installs a policy. */
export function installCall(account: Address, policy: SessionPolicy) {
  const data = encodeFunctionData({
    abi: fabstirAccountAbi,
    functionName: 'addSessionKeyWithPolicy',
    args: [policy],
  })
  return { to: account, data }
}
