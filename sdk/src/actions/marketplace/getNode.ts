import { nodeRegistryAbi } from '@fabstir/contracts/abi'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import { withTypedErrors } from '../../errors/explainFailure.ts'
import type { HostMetadata } from '../../host/metadata.ts'
import type { ReadClient } from '../../types/client.ts'
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
  const [{ operator, metadataHash, ...state }, metadata] = await withTypedErrors(client, () =>
    Promise.all([
      readContract(client.client, {
        abi: nodeRegistryAbi,
        address: client.contracts.registry,
        functionName: 'getNode',
        args: [node],
      }),
      readMetadata(client, { nodes: [node], fromBlock }),
    ]),
  )
  return { node: operator, ...state, metadata: metadata.get(metadataHash) }
}
