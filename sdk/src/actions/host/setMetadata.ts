import type { Address } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import { type HostMetadata, parseMetadata, serializeMetadata } from '../../host/metadata.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type SetMetadataEvent = { node: Address; metadata: HostMetadata }

/**
 * Publishes new metadata of the host, in place of all that it published before.
 * @throws {MetadataError} When a field cannot be written in the registry's form.
 * @example
 * await setMetadata(client, { gpu: 'h100', models: ['llama-70b'], region: 'eu' })
 */
export const setMetadata = defineWrite<HostMetadata, SetMetadataEvent>({
  contract: 'registry',
  eventName: 'MetadataUpdated',
  prepare: ({ contracts }, metadata) =>
    oneCall(contracts.registry, registry.updateMetadata, [serializeMetadata(metadata)]),
  parse(log) {
    const args = parseEvent(log, registry.MetadataUpdated)
    return args && { node: args.operator, metadata: parseMetadata(args.metadata) }
  },
})

/** {@link setMetadata} that waits until it is on chain. */
export const setMetadataSync = toSync(setMetadata)
