import type { Address, Hex, TransactionSerializable } from 'viem'
import { isAddressEqual, keccak256, recoverAddress, serializeTransaction } from 'viem'
import type { ExecutorAccount } from './executorPool.ts'

/**
 * A key that never leaves its keeper: a KMS or an HSM. It signs digests, and its signatures say neither
 * which of two keys they belong to nor are they bound to have a low `s`.
 */
export type DigestSigner = {
  address: Address
  /** ECDSA over secp256k1. */
  signDigest(digest: Hex): Promise<{ r: bigint; s: bigint }>
}

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** An executor whose key is kept elsewhere. @throws ForeignSignatureError when it signs with another key. */
export function digestAccount(signer: DigestSigner): ExecutorAccount {
  return {
    address: signer.address,
    async signTransaction(transaction: TransactionSerializable): Promise<Hex> {
      const digest = keccak256(serializeTransaction(transaction))
      const { r, s } = await signer.signDigest(digest)
      // [EIP-2] Of the two valid values of `s` the lower one counts.
      const low = s > CURVE_ORDER / 2n ? CURVE_ORDER - s : s
      const signature = { r: word(r), s: word(low) }
      for (const yParity of [0, 1]) {
        const recovered = await recoverAddress({
          hash: digest,
          signature: { ...signature, yParity },
        })
        if (isAddressEqual(recovered, signer.address)) {
          return serializeTransaction(transaction, { ...signature, yParity })
        }
      }
      throw new ForeignSignatureError(signer.address)
    },
  }
}

function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`
}

/** The keeper of the key signed with another one than that of the executor. */
export class ForeignSignatureError extends Error {
  override name = 'ForeignSignatureError'
  address: Address

  constructor(address: Address) {
    super(`the signer of executor ${address} signed with another key`)
    this.address = address
  }
}
