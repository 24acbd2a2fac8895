import { encodeAbiParameters, type Hex } from 'viem'
import { parseAbiParameters } from '../../contracts/parseAbi.ts'

/** A Halo2 proof of a single job, as EZKL makes them. */
export type EzklProof = {
  /** Public inputs; 0 to 2 are the three commitments, one is the binding that {@link getProofBinding} gives. */
  instances: readonly bigint[]
  proof: Hex
  /** Hash of the verifying key. */
  vk: Hex
  modelCommitment: Hex
  inputHash: Hex
  outputHash: Hex
}

const parameters = parseAbiParameters(
  '(uint256[] instances, bytes proof, bytes32 vk, bytes32 modelCommitment, bytes32 inputHash, bytes32 outputHash) proof',
)

/** The proof as `completeJob` takes it. */
export function encodeEzklProof(proof: EzklProof): Hex {
  return encodeAbiParameters(parameters, [proof])
}
