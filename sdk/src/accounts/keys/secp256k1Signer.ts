import type { LocalAccount } from 'viem'
import { stubSecp256k1Signature, toSecp256k1Signature } from '../signature.ts'
import type { KeySigner } from './keySigner.ts'

/** A secp256k1 key: the account recovers its address, whatever it signs as. */
export function secp256k1Signer({
  address,
  signTypedData,
}: Pick<LocalAccount, 'address' | 'signTypedData'>): KeySigner {
  return {
    publicKey: address,
    address,
    sign: async (typedData) => toSecp256k1Signature(await signTypedData(typedData)),
    stub: () => stubSecp256k1Signature,
  }
}
