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
    ...partsOf(config.rpcUrl),
    ...(config.bundlerUrl === undefined ? [] : partsOf(config.bundlerUrl)),
  ]
}

/** Providers put their keys into the path, the query or the user part of a URL. */
function partsOf(url: string): string[] {
  const { pathname, search, username, password } = new URL(url)
  return [
    ...(pathname.length > 1 ? [pathname.slice(1)] : []),
    ...(search ? [search.slice(1)] : []),
    ...[username, password].filter((part) => part !== ''),
  ]
}
