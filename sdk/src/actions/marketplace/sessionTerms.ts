import { type Address, zeroAddress, zeroHash } from 'viem'
import { type Model, toModelId } from '../../contracts/modelId.ts'
import { type Duration, toSeconds } from '../../units/duration.ts'

/** What counts as proven besides co-signed vouchers: nothing, the host's word after a day, or a valid proof. */
export const proofModes = ['coSigned', 'attested', 'verified'] as const

export type ProofMode = (typeof proofModes)[number]

/** Terms that every way to open a session takes. */
export type SessionTerms = {
  host: Address
  /**
   * Key that co-signs checkpoints, typically the app's session key: an address, of a P-256 key the id that
   * {@link sessionKeyAddress} gives. The account's default co-signer when it is left out.
   */
  coSigner?: Address | undefined
  /** Inference tokens between intermediate checkpoints, 100 to 1,000,000. */
  checkpointInterval: bigint
  /** 10 minutes to 365 days; '24h' by default. */
  maxDuration?: Duration | undefined
  /** For the host's price and for proofs; any by default. */
  model?: Model | undefined
  /** 'coSigned' by default: the mode that trusts nobody. */
  proofMode?: ProofMode | undefined
}

/** The struct of `createSession`. */
export function toSessionParams(
  { host, coSigner = zeroAddress, checkpointInterval, ...terms }: SessionTerms,
  price: { token: Address; deposit: bigint; pricePer1000: bigint },
) {
  return {
    host,
    ...price,
    maxDuration: BigInt(toSeconds(terms.maxDuration ?? '24h')),
    proofInterval: checkpointInterval,
    coSigner,
    model: terms.model === undefined ? zeroHash : toModelId(terms.model),
    proofMode: proofModes.indexOf(terms.proofMode ?? 'coSigned'),
  }
}
