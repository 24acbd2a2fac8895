import type { Address } from 'viem'
import * as fabToken from '../../contracts/generated/fabToken.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { transferSpareGas } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'

export type DelegateVotesParameters = {
  /** Who votes with the account's FAB; the account itself by default. */
  to?: Address | undefined
}
export type DelegateVotesEvent = {
  delegator: Address
  fromDelegate: Address
  toDelegate: Address
}

/** Votes of the former and of the new delegate are recorded, each once for each time. */
const delegationSpareGas = 2n * transferSpareGas

/**
 * Names who votes with the FAB that the account holds; without it, nobody does. Staked FAB votes for its owner by
 * itself.
 * @example
 * await delegateVotes(client)
 */
export const delegateVotes = defineWrite<DelegateVotesParameters, DelegateVotesEvent>({
  contract: 'fab',
  eventName: 'DelegateChanged',
  prepare: ({ contracts, account }, { to = account.address }) =>
    oneCall(contracts.fab, fabToken.delegate, [to], delegationSpareGas),
  parse: (log) => parseEvent(log, fabToken.DelegateChanged),
})

/** {@link delegateVotes} that waits until it is on chain. */
export const delegateVotesSync = toSync(delegateVotes)
