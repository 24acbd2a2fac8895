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
    'signerKey' | 'keystores' | 'keystorePassword' | 'keystorePasswordFile'
  >,
): () => Promise<readonly Signer[]> {
  const { signerKey, keystores } = config
  if (signerKey.length + keystores.length === 0)
    throw new ConfigError(['signerKey: expected a private key here, or keystores'])
  return createSignerLoader({
    privateKeys: signerKey,
    keystores,
    password: resolvePassword(config),
  })
}

/** The password of keystores. @throws ConfigError */
export function resolvePassword({
  keystorePassword,
  keystorePasswordFile,
}: Pick<ServiceConfig, 'keystorePassword' | 'keystorePasswordFile'>): string | undefined {
  if (keystorePasswordFile === undefined) return keystorePassword
  if (keystorePassword !== undefined)
    throw new ConfigError(['keystorePassword: expected one of it and keystorePasswordFile'])
  try {
    return readFileSync(keystorePasswordFile, 'utf8').split(/\r?\n/, 1)[0]
  } catch (error) {
    throw new ConfigError([
      `keystorePasswordFile: ${error instanceof Error ? error.message : String(error)}`,
    ])
  }
}

export type TopUpConfig = { vault: Address; rules: TopUpRules }

type KeeperOptions = Pick<
  ServiceConfig,
  'keeperKey' | 'keeperKeystore' | 'keystorePassword' | 'keystorePasswordFile'
>

/** How the keeper's key is loaded, where there is one. @throws ConfigError */
export function resolveKeeper(config: KeeperOptions): (() => Promise<LocalAccount>) | undefined {
  const { keeperKey, keeperKeystore } = config
  if (keeperKey !== undefined && keeperKeystore !== undefined)
    throw new ConfigError(['keeperKey: expected one of it and keeperKeystore'])
  if (keeperKey) return async () => privateKeyToAccount(keeperKey)
  if (keeperKeystore === undefined) return undefined
  const password = resolvePassword(config)
  if (password === undefined)
    throw new ConfigError([
      'keeperKeystore: expected keystorePassword or keystorePasswordFile with it',
    ])
  return async () => {
    const keystore = parseKeystore(readFileSync(keeperKeystore, 'utf8'))
    return privateKeyToAccount(await decryptKeystore(keystore, password))
  }
}

/** Top-ups, when there is a vault. @throws ConfigError */
export function resolveTopUps(
  config: Pick<
    ServiceConfig,
    'topUpVault' | 'topUpBelowWei' | 'topUpToWei' | 'topUpDayMaxWei' | 'topUpCooldownSeconds'
  > &
    KeeperOptions,
): TopUpConfig | undefined {
  const { topUpVault: vault } = config
  if (!vault) return undefined
  const { topUpBelowWei: below, topUpToWei: to, topUpDayMaxWei: dayMax } = config
  if (below === undefined || to === undefined || dayMax === undefined)
    throw new ConfigError([
      'topUpVault: expected topUpBelowWei, topUpToWei and topUpDayMaxWei with it',
    ])
  if (to <= below)
    throw new ConfigError([`topUpToWei: expected more than topUpBelowWei, ${below}, not ${to}`])
  if (!resolveKeeper(config))
    throw new ConfigError(['keeperKey: expected one of it and keeperKeystore with topUpVault'])
  return { vault, rules: { below, to, dayMax, cooldown: config.topUpCooldownSeconds } }
}
