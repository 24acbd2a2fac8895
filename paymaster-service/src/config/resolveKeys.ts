import { readFileSync } from 'node:fs'
import type { Address, LocalAccount } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { TopUpRules } from '../deposits/planTopUp.ts'
import { decryptKeystore, parseKeystore } from '../signing/keystore/keystore.ts'
import { createSignerLoader } from '../signing/keystore/loadSigners.ts'
import type { Signer } from '../signing/signer.ts'
import type { ServiceConfig } from './schema.ts'
import { ConfigError } from './schema.ts'

/** How the keys of the options are loaded. @throws ConfigError */
export function resolveSigners(
  config: Pick<
    ServiceConfig,
    'signerKey' | 'signerKeystores' | 'signerPassword' | 'signerPasswordFile'
  >,
): () => Promise<readonly Signer[]> {
  const { signerKey, signerKeystores } = config
  if (signerKey.length + signerKeystores.length === 0)
    throw new ConfigError(['signerKey: expected a private key here, or signerKeystores'])
  return createSignerLoader({
    privateKeys: signerKey,
    keystores: signerKeystores,
    password: resolvePassword(config),
  })
}

/** The password of keystores. @throws ConfigError */
export function resolvePassword({
  signerPassword,
  signerPasswordFile,
}: Pick<ServiceConfig, 'signerPassword' | 'signerPasswordFile'>): string | undefined {
  if (signerPasswordFile === undefined) return signerPassword
  if (signerPassword !== undefined)
    throw new ConfigError(['signerPassword: expected one of it and signerPasswordFile'])
  try {
    return readFileSync(signerPasswordFile, 'utf8').split(/\r?\n/, 1)[0]
  } catch (error) {
    throw new ConfigError([
      `signerPasswordFile: ${error instanceof Error ? error.message : String(error)}`,
    ])
  }
}

export type TopUpConfig = {
  vault: Address
  rules: TopUpRules
  keeper: () => Promise<LocalAccount>
}

/** Top-ups, when there is a vault. @throws ConfigError */
export function resolveTopUps(
  config: Pick<
    ServiceConfig,
    | 'topUpVault'
    | 'keeperKey'
    | 'keeperKeystore'
    | 'topUpBelowWei'
    | 'topUpToWei'
    | 'topUpDayMaxWei'
    | 'topUpCooldownSeconds'
    | 'signerPassword'
    | 'signerPasswordFile'
  >,
): TopUpConfig | undefined {
  const { topUpVault: vault, keeperKey, keeperKeystore } = config
  if (!vault) return undefined
  const { topUpBelowWei: below, topUpToWei: to, topUpDayMaxWei: dayMax } = config
  if (below === undefined || to === undefined || dayMax === undefined)
    throw new ConfigError([
      'topUpVault: expected topUpBelowWei, topUpToWei and topUpDayMaxWei with it',
    ])
  if (to <= below)
    throw new ConfigError([`topUpToWei: expected more than topUpBelowWei, ${below}, not ${to}`])
  if ((keeperKey === undefined) === (keeperKeystore === undefined))
    throw new ConfigError(['keeperKey: expected one of it and keeperKeystore with topUpVault'])
  const rules = { below, to, dayMax, cooldown: config.topUpCooldownSeconds }
  if (keeperKey) return { vault, rules, keeper: async () => privateKeyToAccount(keeperKey) }
  const password = resolvePassword(config)
  if (password === undefined)
    throw new ConfigError(['keeperKeystore: expected signerPassword or signerPasswordFile with it'])
  return {
    vault,
    rules,
    async keeper() {
      const keystore = parseKeystore(readFileSync(keeperKeystore ?? '', 'utf8'))
      return privateKeyToAccount(await decryptKeystore(keystore, password))
    },
  }
}
