import type { Address } from 'viem'
import { type ContractName, resolveContract } from '../../contracts/contractName.ts'
import * as governor from '../../contracts/generated/fabstirGovernor.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { type ProposeEvent, parseProposed } from './proposed.ts'
import { toSetterSelector } from './setterSelector.ts'

export type ParameterChange = {
  /** Contract that the timelock owns, by its name in the address book or its address. */
  contract: ContractName | Address
  /** Setter on the list, like 'setClosingWindow(uint256)'. */
  setter: string
  /** Its name there, like 'closingWindow'. */
  parameter: string
  /** Within the bounds of the list. */
  value: bigint
}

export type ProposeParametersParameters = {
  changes: readonly ParameterChange[]
  description: string
}

/**
 * Proposes new values of listed parameters, each by name: a simple majority decides, within the bounds of the list.
 * Setters with several values, and all else, go by {@link propose}.
 * @throws {ContractRevertedError} `ParameterGuardOutOfBounds` or `ParameterGuardUnknownName`, before it is signed.
 * @example
 * const { proposalId } = await proposeParametersSync(client, {
 *   changes: [
 *     { contract: 'marketplace', setter: 'setClosingWindow(uint256)', parameter: 'closingWindow', value: 7200n },
 *   ],
 *   description: 'Two hours to close a session',
 * })
 */
export const proposeParameters = defineWrite<ProposeParametersParameters, ProposeEvent>({
  contract: 'governor',
  eventName: 'ProposalCreated',
  prepare: ({ contracts }, { changes, description }) =>
    oneCall(contracts.governor, governor.proposeParameterUpdate, [
      changes.map(({ contract, setter, parameter, value }) => ({
        targetContract: resolveContract(contracts, contract),
        functionSelector: toSetterSelector(setter),
        parameterName: parameter,
        newValue: value,
      })),
      description,
    ]),
  parse: parseProposed,
  belongs: (event, { description }) => event.description === description,
})

/** {@link proposeParameters} that waits until it is on chain. */
export const proposeParametersSync = toSync(proposeParameters)
