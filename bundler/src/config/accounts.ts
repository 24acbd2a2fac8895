import { mnemonicToAccount, privateKeyToAccount } from 'viem/accounts'
import type { ExecutorAccount } from '../submission/executorPool.ts'
import type { BundlerConfig } from './options.ts'
import { ConfigError } from './options.ts'

/** The accounts that send bundles. @throws ConfigError when keys or mnemonic are not valid or not distinct. */
export function executorAccounts(
  config: Pick<BundlerConfig, 'executorPrivateKeys' | 'executorMnemonic' | 'executorCount'>,
): ExecutorAccount[] {
  const { executorPrivateKeys, executorMnemonic, executorCount } = config
  const accounts = executorPrivateKeys
    ? executorPrivateKeys.map((key) => account('private keys', () => privateKeyToAccount(key)))
    : Array.from({ length: executorCount }, (_, addressIndex) =>
        account('mnemonic', () => mnemonicToAccount(executorMnemonic ?? '', { addressIndex })),
      )
  if (new Set(accounts.map(({ address }) => address)).size < accounts.length) {
    throw new ConfigError('the executor keys must be distinct')
  }
  return accounts
}

/** The libraries' messages may show the secret, so only its kind is named. */
function account(kind: string, create: () => ExecutorAccount): ExecutorAccount {
  try {
    return create()
  } catch {
    throw new ConfigError(`the executor ${kind} cannot be used`)
  }
}
