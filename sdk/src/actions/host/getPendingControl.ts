import type { Address } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import { type HostMetadata, parseMetadata } from '../../host/metadata.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

export type GetPendingControlParameters = { operator: Address; controller: Address }

export type PendingControl = {
  /** FAB in wei that the controller has paid. */
  stake: bigint
  metadata: HostMetadata
}

/**
 * An offer of {@link registerControlledNode} that waits for its operator; `undefined` when there is none.
 * @example
 * const offer = await getPendingControl(client, { operator: client.account.address, controller })
 */
export async function getPendingControl(
  client: ReadClient,
  { operator, controller }: GetPendingControlParameters,
): Promise<PendingControl | undefined> {
  const [stake, metadata] = await readView(
    client,
    client.contracts.registry,
    registry.pendingControl,
    [operator, controller],
  )
  return stake === 0n ? undefined : { stake, metadata: parseMetadata(metadata) }
}
