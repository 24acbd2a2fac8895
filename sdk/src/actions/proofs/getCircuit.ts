import { type Address, type Hex, isAddressEqual, zeroAddress } from 'viem'
import * as proofSystem from '../../contracts/generated/proofSystem.ts'
import { type Model, toModelId } from '../../contracts/modelId.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

export type Circuit = {
  modelId: Hex
  verifier: Address
  /** Number of public inputs. */
  count: number
  /** Index of the one with the binding. */
  binding: number
  /** Index of the first input; 0 for a circuit that hashes inputs and outputs itself. */
  inputs: number
  /** Index of the first output. */
  outputs: number
  vkHash: Hex
  modelCommitment: Hex
}

/**
 * What judges proofs for a model; `undefined` when nothing can be proven of it.
 * @example
 * const circuit = await getCircuit(client, { model: 'llama-70b' })
 */
export async function getCircuit(
  client: ReadClient,
  { model }: { model: Model },
): Promise<Circuit | undefined> {
  const modelId = toModelId(model)
  const circuit = await readView(client, client.contracts.proofSystem, proofSystem.getCircuit, [
    modelId,
  ])
  return isAddressEqual(circuit.verifier, zeroAddress) ? undefined : { modelId, ...circuit }
}
