import { MetadataError } from '../errors/metadata.ts'

/** What a host says of itself in the registry. */
export type HostMetadata = {
  /** Like 'rtx4090'. */
  gpu?: string | undefined
  /** Models that it serves. */
  models: readonly string[]
  /** Like 'us-west'. */
  region?: string | undefined
  /** Any other fields. */
  extra?: Readonly<Record<string, string>> | undefined
}

/** Bytes of metadata that the registry takes. */
export const maxMetadataBytes = 1024

const known = ['gpu', 'models', 'region']

/**
 * Metadata as it stands in the registry: `gpu:rtx4090,models:llama-70b;gpt-4,region:us-west`.
 * @throws {MetadataError} When a value is empty or holds a separator, or the text is longer than the registry takes.
 * @example
 * serializeMetadata({ gpu: 'rtx4090', models: ['llama-70b'], region: 'us-west' })
 */
export function serializeMetadata({ gpu, models, region, extra = {} }: HostMetadata): string {
  const fields: [string, readonly string[]][] = []
  if (gpu !== undefined) fields.push(['gpu', [gpu]])
  if (models.length > 0) fields.push(['models', models])
  if (region !== undefined) fields.push(['region', [region]])
  for (const [name, value] of Object.entries(extra)) {
    if (known.includes(name))
      throw new MetadataError({ field: name, problem: 'is not an extra field' })
    fields.push([name, [value]])
  }
  for (const [name, values] of fields) {
    if (!/^[\w-]+$/.test(name))
      throw new MetadataError({ field: name, problem: 'is not a name of letters, digits, _ and -' })
    // Printable ASCII without the separators , and ; — a colon within a value is fine: the first one separates.
    for (const value of values)
      if (!/^[!-+\--:<-~]+$/.test(value))
        throw new MetadataError({
          field: name,
          problem: `has the value "${value}", which is empty, not plain text, or holds a separator`,
        })
  }
  const text = fields.map(([name, values]) => `${name}:${values.join(';')}`).join(',')
  if (text.length > maxMetadataBytes)
    throw new MetadataError({
      field: 'metadata',
      problem: `is longer than ${maxMetadataBytes} bytes`,
    })
  return text
}

/**
 * Metadata out of the registry. Parts that are not `name:value` are left out: anybody can register any text.
 * @example
 * parseMetadata('gpu:rtx4090,models:llama-70b;gpt-4') // { gpu: 'rtx4090', models: ['llama-70b', 'gpt-4'] }
 */
export function parseMetadata(text: string): HostMetadata {
  const fields = new Map<string, string>()
  for (const part of text.split(',')) {
    const colon = part.indexOf(':')
    if (colon > 0 && colon < part.length - 1)
      fields.set(part.slice(0, colon).trim(), part.slice(colon + 1).trim())
  }
  const gpu = fields.get('gpu')
  const region = fields.get('region')
  const extra = [...fields].filter(([name]) => !known.includes(name))
  return {
    ...(gpu === undefined ? {} : { gpu }),
    models: fields.get('models')?.split(';').filter(Boolean) ?? [],
    ...(region === undefined ? {} : { region }),
    ...(extra.length === 0 ? {} : { extra: Object.fromEntries(extra) }),
  }
}
