import { type HDAccount, mnemonicToAccount } from 'viem/accounts'
import { devnetMnemonic } from './processes/anvil.ts'

const account = (addressIndex: number): HDAccount =>
  mnemonicToAccount(devnetMnemonic, { addressIndex })

/**
 * Who is who on the devnet. The first ten accounts of the mnemonic own ETH; owners and apps come after
 * them and own none, as their operations are sponsored.
 */
export const devnetAccounts = {
  deployer: account(0),
  /** Guardian, arbiter, resolver of challenges and signer of quotes. */
  council: account(1),
  treasury: account(2),
  sponsorOperator: account(4),
  sponsorSigner: account(5),
  sponsorSpareSigner: account(6),
  executors: [account(7), account(8)],
  hostOwner: account(20),
  hostApp: account(21),
  renterOwner: account(22),
  renterApp: account(23),
  /** Of the app with the small budget. */
  guestOwner: account(24),
} as const

/** Private key of an account of the test mnemonic, as hex. */
export function privateKeyOf({ getHdKey }: HDAccount): `0x${string}` {
  const { privateKey } = getHdKey()
  if (!privateKey) throw new Error('an account of a mnemonic has a private key')
  return `0x${Buffer.from(privateKey).toString('hex')}`
}
