import { type Address, isAddressEqual } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import { type HostMetadata, parseMetadata, serializeMetadata } from '../../host/metadata.ts'
import { encodeCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { withPull } from '../pull.ts'
import { readView } from '../readView.ts'
import { defineWrite, toSync } from '../write.ts'

export type RegisterControlledNodeParameters = HostMetadata & {
  /** Account that will run the node. It has to accept with {@link acceptControl}. */
  operator: Address
}
export type RegisterControlledNodeEvent = {
  operator: Address
  controller: Address
  /** FAB in wei that the controller has paid. */
  stake: bigint
  metadata: HostMetadata
}

/**
 * Approves and pays the minimum stake for a node that another account will run: one operation. Nothing changes for
 * the operator before it accepts, and the stake returns to the controller.
 * @throws {MetadataError} When a field cannot be written in the registry's form.
 * @throws {InsufficientBalanceError} When the account holds less FAB than the minimum.
 * @example
 * await registerControlledNode(client, { operator, models: ['llama-70b'], region: 'eu' })
 */
export const registerControlledNode = defineWrite<
  RegisterControlledNodeParameters,
  RegisterControlledNodeEvent
>({
  contract: 'registry',
  eventName: 'ControlProposed',
  async prepare(client, { operator, ...metadata }) {
    const { registry: address, fab } = client.contracts
    const minimum = await readView(client, address, registry.minimumStake, [])
    const args = [serializeMetadata(metadata), operator] as const
    return withPull(encodeCall(address, registry.registerControlledNode, args), fab, minimum)
  },
  parse(log) {
    const args = parseEvent(log, registry.ControlProposed)
    return args && { ...args, metadata: parseMetadata(args.metadata) }
  },
  belongs: ({ operator }, parameters) => isAddressEqual(operator, parameters.operator),
})

/** {@link registerControlledNode} that waits until it is on chain. */
export const registerControlledNodeSync = toSync(registerControlledNode)
