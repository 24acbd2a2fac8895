import { concatHex, decodeAbiParameters, encodeAbiParameters, type Hex, slice } from 'viem'
import { toAbi } from '../../contracts/abiText.ts'
import { addSessionKeyWithPolicy } from '../../contracts/generated/fabstirAccount.ts'
import { signaturePrefix } from '../signature.ts'
import { fromGrantPolicy, type SessionGrant, type SessionGrantSignature } from './sessionGrant.ts'
import type { SessionPolicy } from './sessionPolicy.ts'

const [install] = toAbi(addSessionKeyWithPolicy)
const parameters = [
  ...install.inputs,
  { name: 'salt', type: 'bytes32' },
  { name: 'deadline', type: 'uint48' },
  { name: 'epoch', type: 'uint32' },
  { name: 'ownerSignature', type: 'bytes' },
  { name: 'keySignature', type: 'bytes' },
] as const

/**
 * Signature of an operation that also installs the grant:
 * `0x10 ‖ abi.encode(policy, salt, deadline, epoch, ownerSignature, keySignature)`.
 * @param keySignature The key's signature over the operation, with its own key type prefix.
 */
export function encodeEnableSignature({
  policy,
  enable,
  keySignature,
}: {
  policy: SessionGrant['policy']
  enable: SessionGrantSignature
  keySignature: Hex
}): Hex {
  return concatHex([
    signaturePrefix.enable,
    encodeAbiParameters(parameters, [
      fromGrantPolicy(policy),
      enable.salt,
      enable.deadline,
      enable.epoch,
      enable.ownerSignature,
      keySignature,
    ]),
  ])
}

/** The grant in a signature that {@link encodeEnableSignature} made. Throws viem's error when it is another one. */
export function decodeEnableSignature(signature: Hex): {
  policy: SessionPolicy
  enable: SessionGrantSignature
} {
  const [policy, salt, deadline, epoch, ownerSignature] = decodeAbiParameters(
    parameters,
    slice(signature, 1),
  )
  return { policy, enable: { salt, deadline, epoch, ownerSignature } }
}
