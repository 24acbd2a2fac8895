import type { Address } from 'viem'
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
    ? executorPrivateKeys.map((key) =>
        account('executor private keys', () => privateKeyToAccount(key)),
      )
    : Array.from({ length: executorCount }, (_, addressIndex) =>
        account('executor mnemonic', () =>
          mnemonicToAccount(executorMnemonic ?? '', { addressIndex }),
        ),
      )
  if (new Set(accounts.map(({ address }) => address)).size < accounts.length) {
    throw new ConfigError('the executor keys must be distinct')
  }
  return accounts
}

/**
 * The account that refills `executors`.
 * @throws ConfigError when its key is not valid, or that of an executor: they would use the same nonces.
 */
export function treasuryAccount(
  { treasuryPrivateKey: key }: Pick<BundlerConfig, 'treasuryPrivateKey'>,
  executors: readonly Address[],
): ExecutorAccount | undefined {
  const treasury = key && account('treasury key', () => privateKeyToAccount(key))
  if (treasury && executors.includes(treasury.address)) {
    throw new ConfigError(`the treasury ${treasury.address} must not be one of the executors`)
  }
  return treasury
}

/** The libraries' messages may show the secret, so only its kind is named. */
function account(kind: string, create: () => ExecutorAccount): ExecutorAccount {
  try {
    return create()
  } catch {
    throw new ConfigError(`the ${kind} cannot be used`)
  }
}
