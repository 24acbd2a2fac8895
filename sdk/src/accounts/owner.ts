import {
  type Account,
  type Address,
  type Chain,
  type Client,
  createClient,
  custom,
  type EIP1193Provider,
  type LocalAccount,
  type Transport,
  type WalletClient,
} from 'viem'
import { toAccount } from 'viem/accounts'
import { signMessage, signTypedData } from 'viem/actions'
import { OwnerSigningError } from '../errors/configuration.ts'
import { defaultTimeout, within } from '../operations/within.ts'
import type { P256Key } from './keys/p256Signer.ts'
import type { WebAuthnKey } from './keys/webAuthnSigner.ts'

/**
 * What can own an account: a viem account with its key, a wallet client, an EIP-1193 provider, a passkey (viem's
 * `toWebAuthnKey`), or a P-256 key.
 */
export type FabstirOwner =
  | LocalAccount
  | WalletClient<Transport, Chain | undefined, Account>
  | EIP1193Provider
  | WebAuthnKey
  | P256Key

/** An owner without the wallet around it. */
export type OwnerKey = LocalAccount | WebAuthnKey | P256Key

/**
 * The owner as something that signs typed data. Of a provider, the first account is asked for.
 * @throws {OwnerSigningError} When the wallet gives no account.
 */
export async function resolveOwner(owner: FabstirOwner): Promise<OwnerKey> {
  // What is no object is told apart where keys are.
  if (typeof owner !== 'object' || owner === null) return owner
  if ('account' in owner && owner.account) {
    const { account } = owner
    return account.type === 'local' ? account : signedByWallet(owner, account.address)
  }
  if (!('request' in owner) || 'account' in owner) return owner as OwnerKey
  const [address] = await within(
    defaultTimeout,
    owner.request({ method: 'eth_requestAccounts' }),
  ).catch((error: Error) => {
    if (error.name === 'TimeoutError') return []
    throw error
  })
  if (!address) throw new OwnerSigningError({ problem: 'the wallet gave no account' })
  return signedByWallet(createClient({ transport: custom(owner) }), address)
}

function signedByWallet(wallet: Client, address: Address): LocalAccount {
  return toAccount({
    address,
    signMessage: ({ message }) => signMessage(wallet, { account: address, message }),
    signTypedData: (typedData) =>
      signTypedData(wallet, { ...typedData, account: address } as Parameters<
        typeof signTypedData
      >[1]),
    async signTransaction() {
      throw new OwnerSigningError({ problem: 'the owner of an account signs no transactions' })
    },
  })
}
