import { secretPartsOf } from '@fabstir/service'
import type { ServiceConfig } from './schema.ts'

/** Texts of the options that no log line may show. */
export function secretsOf(
  config: Pick<
    ServiceConfig,
    | 'rpcUrl'
    | 'bundlerUrl'
    | 'signerKey'
    | 'keeperKey'
    | 'quoteSignerKey'
    | 'keystorePassword'
    | 'webhookKey'
    | 'willSponsorSecrets'
    | 'apps'
    | 'administrators'
  >,
): string[] {
  const { signerKey, keeperKey, quoteSignerKey } = config
  const keys = [...signerKey, ...[keeperKey, quoteSignerKey].filter((key) => key !== undefined)]
  return [
    // Also without their prefix.
    ...keys.flatMap((key) => [key, key.slice(2)]),
    ...[config.keystorePassword, config.webhookKey].filter((text) => text !== undefined),
    ...Object.values(config.willSponsorSecrets),
    ...config.apps.flatMap(({ apiKey }) => apiKey ?? []),
    ...config.administrators.flatMap(({ key }) => key ?? []),
    ...[config.rpcUrl, config.bundlerUrl]
      .filter((url) => url !== undefined)
      .flatMap((url) => secretPartsOf(new URL(url))),
  ]
}
