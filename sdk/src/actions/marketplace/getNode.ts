import type { Address } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import { withTypedErrors } from '../../errors/explainFailure.ts'
import type { HostMetadata } from '../../host/metadata.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'
import { readMetadata } from './readMetadata.ts'

export type HostNode = {
  node: Address
  /** Zero when it is not registered. */
  controller: Address
  /** FAB in wei. */
  stake: bigint
  /** FAB in wei that leaves at `unbondingEndsAt`. */
  unbonding: bigint
  /** Unix seconds; 0 when nothing unbonds. */
  unbondingEndsAt: number
  /** Unix seconds; 0 when it is not registered. */
  activeSince: number
  /** Open claims and checkpointed sessions that hold the stake. */
  obligations: number
  /** Says that it takes new work. */
  accepting: boolean
  /** Unix seconds up to which a slashed node is inactive; 0 when it never was. */
  jailedUntil: number
  /** Sessions that it takes at a time; 0 is no cap. */
  maxSessions: number
  /** `undefined` when it is not registered. */
  metadata: HostMetadata | undefined
}

export type GetNodeParameters = {
  node: Address
  /** Block from which events are searched for the metadata; the first one by default. */
  fromBlock?: bigint | undefined
}

/**
 * A host as the registry knows it.
 * @example
 * const { stake, metadata } = await getNode(client, { node })
 */
export async function getNode(
  client: ReadClient,
  { node, fromBlock }: GetNodeParameters,
): Promise<HostNode> {
  const [{ operator, metadataHash, ...state }, metadata] = await Promise.all([
    readView(client, client.contracts.registry, registry.getNode, [node]),
    withTypedErrors(client, () => readMetadata(client, { nodes: [node], fromBlock })),
  ])
  return { node: operator, ...state, metadata: metadata.get(metadataHash) }
}
