import type { Address } from 'viem'
import { getAddress, numberToHex, zeroAddress } from 'viem'
import type { AccountShape } from './accountShape.ts'

/** Whose key an operation is signed by: the account's owner, a session key, or nobody knows. */
export type OperationSigner = 'owner' | Address | undefined

/** Bits of the nonce above the key's id in FabstirAccount, Kernel and Nexus. */
const idShift = { fabstir: 64n, 'kernel-3': 80n, erc7579: 64n } as const

/**
 * Reads the signer out of the nonce, where accounts with session keys name it and hold the signature
 * to it. FabstirAccount: kind (8 bits: 0 owner, 1 session), lane (24), key (160), sequence (64). Kernel:
 * mode (8), type (8: 0 root, 1 validator, 2 permission), id (160), key (16), sequence. ERC-7579 (Nexus):
 * batch (24), mode (8), validator (160; zero is the default one), sequence.
 */
export function signerOf(shape: AccountShape, nonce: bigint): OperationSigner {
  switch (shape) {
    case 'fabstir': {
      const kind = nonce >> 248n
      if (kind > 1n) return undefined
      return kind === 0n ? 'owner' : idOf(nonce >> idShift[shape])
    }
    case 'kernel-3': {
      const type = (nonce >> 240n) & 0xffn
      if (type > 2n) return undefined
      return type === 0n ? 'owner' : idOf(nonce >> idShift[shape])
    }
    case 'erc7579': {
      const validator = idOf(nonce >> idShift[shape])
      return validator === zeroAddress ? 'owner' : validator
    }
    case 'erc7821':
      return undefined
    case 'simple-0.6':
    case 'simple-0.7':
    case 'simple-0.8':
    case 'safe-4337':
    case 'coinbase':
      return 'owner'
  }
}

function idOf(shifted: bigint): Address {
  return getAddress(numberToHex(shifted & ((1n << 160n) - 1n), { size: 20 }))
}
