import {
  type Address,
  type Hex,
  type LocalAccount,
  type SignableMessage,
  type TypedDataDefinition,
  zeroHash,
} from 'viem'
import type { SmartAccountImplementation } from 'viem/account-abstraction'
import type { KeySigner } from '../keys/keySigner.ts'
import { accountDomain } from './accountDomain.ts'
import { personalSign, typedDataSign, wrapTypedDataSignature } from './erc7739.ts'

export type OwnerMessagesParameters = {
  signer: KeySigner
  /** The account. */
  address: Address
  chainId: number
  /** The owner of an EIP-7702 account, and whether it has the account's code yet. */
  eoa?: { owner: LocalAccount; isDelegated: () => Promise<boolean> } | undefined
}

/**
 * Messages and typed data in the owner's name, as ERC-7739: bound to this account, so that no other account of the same
 * owner takes them. An EOA that is not delegated yet signs as the EOA that it is.
 */
export function ownerMessages({
  signer,
  address,
  chainId,
  eoa,
}: OwnerMessagesParameters): Pick<SmartAccountImplementation, 'signMessage' | 'signTypedData'> {
  const verifierDomain = {
    ...accountDomain,
    chainId,
    verifyingContract: address,
    salt: zeroHash,
  } as const
  const plainSigner = async () => (eoa && !(await eoa.isDelegated()) ? eoa.owner : undefined)
  return {
    async signMessage({ message }: { message: SignableMessage }): Promise<Hex> {
      const plain = await plainSigner()
      if (plain) return plain.signMessage({ message })
      return signer.sign(personalSign(message, verifierDomain), 'owner')
    },
    async signTypedData(typedData_): Promise<Hex> {
      const typedData = typedData_ as TypedDataDefinition
      const plain = await plainSigner()
      if (plain) return plain.signTypedData(typedData)
      const signature = await signer.sign(typedDataSign(typedData, verifierDomain), 'owner')
      return wrapTypedDataSignature(signature, typedData)
    },
  }
}
