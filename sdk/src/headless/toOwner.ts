import { isHex, type LocalAccount, type TypedDataDefinition, toBytes } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { toAccount } from 'viem/accounts'
import type { FabstirOwner } from '../accounts/owner.ts'
import { OwnerSigningError } from '../errors/configuration.ts'
import { KeyNotSupportedError } from '../errors/key.ts'

type Fields = readonly { name: string; type: string }[]
type SignTypedData = (
  domain: object,
  types: Record<string, Fields>,
  value: Record<string, unknown>,
) => Promise<string>

/** What is used of a signer of ethers 5 or 6. There is no dependency on ethers. */
export type EthersSigner = {
  getAddress(): Promise<string>
  signMessage(message: string | Uint8Array): Promise<string>
  /** ethers 6 */
  signTypedData?(...parameters: Parameters<SignTypedData>): Promise<string>
  /** ethers 5 */
  _signTypedData?(...parameters: Parameters<SignTypedData>): Promise<string>
}

/**
 * Who signs: a signer of ethers, a viem account or wallet client, an EIP-1193 provider, a passkey or P-256 key, each of
 * which owns a gasless account; or a smart account itself, such as that of a session key (`toSessionAccount`).
 */
export type HeadlessSigner = EthersSigner | FabstirOwner | SmartAccount

/** Whether it is an account itself and not the owner of one. */
export const isSmartAccount = (signer: HeadlessSigner): signer is SmartAccount =>
  'type' in signer && signer.type === 'smart'

/**
 * The signer as an owner of accounts.
 * @throws {KeyNotSupportedError} When a signer of ethers does not sign typed data.
 */
export async function toOwner(
  signer: Exclude<HeadlessSigner, SmartAccount>,
): Promise<FabstirOwner> {
  if (!('getAddress' in signer) || typeof signer.getAddress !== 'function')
    return signer as FabstirOwner
  return fromEthers(signer as EthersSigner)
}

async function fromEthers(signer: EthersSigner): Promise<LocalAccount> {
  const sign = signer.signTypedData ?? signer._signTypedData
  if (!sign)
    throw new KeyNotSupportedError({ role: 'owner', problem: 'nothing that signs typed data' })
  const signTypedData = async (typedData: TypedDataDefinition) => {
    // ethers makes the type of the domain itself, and finds the primary one.
    const { EIP712Domain: _, ...types } = typedData.types as Readonly<Record<string, Fields>>
    return toHex(await sign.call(signer, typedData.domain ?? {}, types, { ...typedData.message }))
  }
  return toAccount({
    address: toHex(await signer.getAddress()),
    async signMessage({ message }) {
      if (typeof message === 'string') return toHex(await signer.signMessage(message))
      const { raw } = message
      return toHex(await signer.signMessage(typeof raw === 'string' ? toBytes(raw) : raw))
    },
    signTypedData: (typedData) => signTypedData(typedData as TypedDataDefinition),
    async signTransaction() {
      throw new OwnerSigningError({ problem: 'the owner of an account signs no transactions' })
    },
  })
}

function toHex(text: string): `0x${string}` {
  if (!isHex(text)) throw new OwnerSigningError({ problem: 'its answer is not hex' })
  return text
}
