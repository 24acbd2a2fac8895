import type { Address, Hex } from 'viem'
import * as proofSystem from '../../contracts/generated/proofSystem.ts'
import type { AccountReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

export type GetProofBindingParameters = {
  jobId: bigint
  /** The client's own account by default. */
  host?: Address | undefined
  /** Of a session; 0 for a single job, by default. */
  cumulativeTokens?: bigint | undefined
  modelCommitment: Hex
}

/**
 * The public input that ties a proof to one job, host and count.
 * @example
 * const binding = await getProofBinding(client, { jobId, modelCommitment })
 */
export async function getProofBinding(
  client: AccountReadClient,
  {
    jobId,
    host = client.account.address,
    cumulativeTokens = 0n,
    modelCommitment,
  }: GetProofBindingParameters,
): Promise<bigint> {
  return readView(client, client.contracts.proofSystem, proofSystem.bindingOf, [
    jobId,
    host,
    cumulativeTokens,
    modelCommitment,
  ])
}
