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

/** What can own an account: a viem account with its key, a wallet client, or an EIP-1193 provider. */
export type FabstirOwner =
  | LocalAccount
  | WalletClient<Transport, Chain | undefined, Account>
  | EIP1193Provider

/** The owner as something that signs typed data. Of a provider, the first account is asked for. */
export async function resolveOwner(owner: FabstirOwner): Promise<LocalAccount> {
  if ('source' in owner) return owner
  if ('account' in owner) {
    const { account } = owner
    return account.type === 'local' ? account : signedByWallet(owner, account.address)
  }
  const [address] = await owner.request({ method: 'eth_requestAccounts' })
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
