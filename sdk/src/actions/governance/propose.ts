import type { AccountCall } from '../../accounts/fabstir/executeData.ts'
import * as governor from '../../contracts/generated/fabstirGovernor.ts'
import { oneCall } from '../encodeCall.ts'
import { type ActionCall, defineWrite, toSync } from '../write.ts'
import { type ProposeEvent, parseProposed } from './proposed.ts'

export type ProposeParameters = {
  /** What the timelock shall do: actions, as for `batch`, or plain calls. */
  calls: readonly (ActionCall<unknown> | AccountCall)[]
  description: string
}

/**
 * Proposes calls of the timelock, which owns every contract. Actions are prepared as if the timelock were the account.
 * Takes the votes of {@link getGovernance}'s `proposalThreshold`.
 * @example
 * const { proposalId } = await proposeSync(client, {
 *   calls: [contractCall({ contract: 'marketplace', abi, functionName: 'setFees', args: [900n, 500n] })],
 *   description: 'Lower the fee of the protocol to 9 %',
 * })
 */
export const propose = defineWrite<ProposeParameters, ProposeEvent>({
  contract: 'governor',
  eventName: 'ProposalCreated',
  async prepare(client, { calls, description }) {
    const { contracts, account } = client
    const timelock = { ...client, account: { ...account, address: contracts.timelock } }
    const prepared = await Promise.all(
      calls.map(async (call) =>
        'prepare' in call ? (await call.prepare(timelock)).calls : [call],
      ),
    )
    const flat = prepared.flat()
    return oneCall(contracts.governor, governor.propose, [
      flat.map(({ to }) => to),
      flat.map(({ value = 0n }) => value),
      flat.map(({ data = '0x' }) => data),
      description,
    ])
  },
  parse: parseProposed,
  belongs: (event, { description }) => event.description === description,
})

/** {@link propose} that waits until it is on chain. */
export const proposeSync = toSync(propose)
