import { encodeAbiParameters, type Hex, type Log, zeroHash } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { parseAbiParameters } from '../../contracts/parseAbi.ts'
import { parseEvent } from '../parseEvent.ts'
import { parseCheckpoint } from './checkpointed.ts'

/** A proof of a session's work: the public inputs, and the bytes for the verifier of the model's circuit. */
export type SessionProof = { instances: readonly bigint[]; proof: Hex }

/** A batch of work on top of a session's running count. */
export type SessionWork = {
  sessionId: bigint
  /** Inference tokens of the batch. */
  tokens: bigint
  /** In verified sessions. Without one the host attests the batch itself, in attested sessions. */
  proof?: SessionProof | undefined
  /** Of attested work: hash of the transcript so far; zero when none is kept. */
  transcriptHash?: Hex | undefined
}

export type SubmitWorkEvent = {
  sessionId: bigint
  cumulativeTokens: bigint
  /** Of a proof, its hash. */
  transcriptHash: Hex
  /** Unix seconds at which attested work counts; `undefined` for work that is proven. */
  maturesAt?: bigint
}

const provenWork = parseAbiParameters('uint256[] instances, bytes proof')
const attestedWork = parseAbiParameters('bytes32 transcriptHash, bytes signature')

/** The proof of a batch as the marketplace takes it. */
export function encodeWork({ proof, transcriptHash = zeroHash }: SessionWork): Hex {
  return proof
    ? encodeAbiParameters(provenWork, [proof.instances, proof.proof])
    : encodeAbiParameters(attestedWork, [transcriptHash, '0x'])
}

/** `SessionCheckpointed` or `SessionWorkAttested` in a log. */
export function parseWork(log: Log): SubmitWorkEvent | undefined {
  const attested = parseEvent(log, marketplace.SessionWorkAttested)
  if (!attested) return parseCheckpoint(log)
  const { jobId, ...event } = attested
  return { sessionId: jobId, ...event }
}
