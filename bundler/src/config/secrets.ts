import { secretPartsOf } from '@fabstir/service'
import type { BundlerConfig, OptionName } from './options.ts'

/** Options whose values are never shown. URLs are among them, because providers put keys into them. */
const secretOptions: ReadonlySet<string> = new Set<OptionName>([
  'rpcUrl',
  'executorPrivateKeys',
  'executorMnemonic',
  'apiKeys',
  'otlpEndpoint',
  'senderUrls',
  'relaySigningKey',
  'treasuryPrivateKey',
  'wsUrl',
])

export function isSecret(option: string): boolean {
  return secretOptions.has(option)
}

/**
 * Texts that must not leave the process, longest first: keys with and without 0x, mnemonics, and of a
 * URL all that a key can hide in (user, password, path and query).
 */
export function secretsOf(config: Partial<BundlerConfig>): string[] {
  const texts = Object.entries(config)
    .filter(([name]) => isSecret(name))
    .flatMap(([, value]) => textsIn(value))
    .flatMap((text) => (URL.canParse(text) ? secretPartsOf(new URL(text)) : [text, bare(text)]))
  return [...new Set(texts)].sort((a, b) => b.length - a.length)
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  // Of an API key, what stands beside it is not secret.
  if ('key' in value) return textsIn(value.key)
  return Object.values(value).flatMap(textsIn)
}

function bare(text: string): string {
  return text.replace(/^0x/, '')
}
