import {
  type Address,
  type Client,
  type Hex,
  type LocalAccount,
  type SignableMessage,
  type TypedDataDefinition,
  zeroHash,
} from 'viem'
import type { SmartAccountImplementation } from 'viem/account-abstraction'
import { toAccount } from 'viem/accounts'
import { signMessage, signTypedData } from 'viem/experimental/erc7739'
import { OwnerSigningError } from '../../errors/configuration.ts'
import type { KeySigner } from '../keys/keySigner.ts'

export type OwnerMessagesParameters = {
  client: Client
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
  client,
  signer,
  address,
  chainId,
  eoa,
}: OwnerMessagesParameters): Pick<SmartAccountImplementation, 'signMessage' | 'signTypedData'> {
  const verifierDomain = {
    name: 'FabstirAccount',
    version: '1',
    chainId,
    verifyingContract: address,
    salt: zeroHash,
  } as const
  const account = typedDataAccount(signer)
  const plainSigner = async () => (eoa && !(await eoa.isDelegated()) ? eoa.owner : undefined)
  return {
    async signMessage({ message }: { message: SignableMessage }): Promise<Hex> {
      const plain = await plainSigner()
      if (plain) return plain.signMessage({ message })
      return signMessage(client, { account, message, verifierDomain })
    },
    async signTypedData(typedData_): Promise<Hex> {
      const typedData = typedData_ as TypedDataDefinition
      const plain = await plainSigner()
      if (plain) return plain.signTypedData(typedData)
      return signTypedData(client, { ...typedData, account, verifierDomain })
    },
  }
}

/** The signer where viem wants an account: it asks for nothing but typed data. */
function typedDataAccount(signer: KeySigner): LocalAccount {
  const refuse = async (): Promise<Hex> => {
    throw new OwnerSigningError({ problem: 'an account signs typed data only' })
  }
  return toAccount({
    address: signer.address,
    signMessage: refuse,
    signTransaction: refuse,
    signTypedData: (typedData) => signer.sign(typedData as TypedDataDefinition, 'owner'),
  })
}
