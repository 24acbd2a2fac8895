import { getEntryPointAdapter } from '@fabstir/erc4337'
import type { Address } from 'viem'
import type { Policy } from '../policy/policy.ts'
import { PolicyInvalidError, parsePolicy } from '../policy/policy.ts'
import type { ApiKeys, App } from '../rpc/apiKeys.ts'
import { hashApiKey } from '../rpc/apiKeys.ts'
import type { ServedEntryPoint } from '../rpc/pm/sponsorship.ts'
import type { ServiceConfig } from './schema.ts'
import { ConfigError } from './schema.ts'

/** The policy documents by id. @throws ConfigError */
export function resolvePolicies({
  policies,
  willSponsorSecrets,
}: Pick<ServiceConfig, 'policies' | 'willSponsorSecrets'>): ReadonlyMap<string, Policy> {
  const parsed = new Map<string, Policy>()
  for (const [index, document] of policies.entries()) {
    const policy = parsePolicyAt(index, document)
    if (parsed.has(policy.id))
      throw new ConfigError([`policies.${index}.id: ${policy.id} is taken by another policy`])
    if (policy.document.willSponsor && willSponsorSecrets[policy.id] === undefined)
      throw new ConfigError([`willSponsorSecrets: expected a secret for policy ${policy.id}`])
    parsed.set(policy.id, policy)
  }
  return parsed
}

function parsePolicyAt(index: number, document: unknown): Policy {
  try {
    return parsePolicy(document)
  } catch (error) {
    if (!(error instanceof PolicyInvalidError)) throw error
    throw new ConfigError(
      error.issues.map(({ field, message }) => `policies.${index}.${field}: ${message}`),
    )
  }
}

/** The apps by the hash of their key. @throws ConfigError */
export function resolveKeys(
  { apps }: Pick<ServiceConfig, 'apps'>,
  policies: ReadonlyMap<string, Policy>,
): ApiKeys {
  const keys = new Map<string, App>()
  for (const [index, { name, apiKey, apiKeyHash, policies: policyIds }] of apps.entries()) {
    const unknown = policyIds.find((id) => !policies.has(id))
    if (unknown !== undefined)
      throw new ConfigError([`apps.${index}.policies: there is no policy ${unknown}`])
    const hash = apiKey === undefined ? (apiKeyHash ?? '') : hashApiKey(apiKey)
    if (keys.has(hash)) throw new ConfigError([`apps.${index}: its key is the key of another app`])
    keys.set(hash, { name, policyIds })
  }
  return keys
}

/** EntryPoint adapters with their paymasters. @throws ConfigError */
export function resolveEntryPoints({
  paymasters,
}: Pick<ServiceConfig, 'paymasters'>): ServedEntryPoint[] {
  return Object.entries(paymasters).map(([address, paymaster]) => {
    const entryPoint = getEntryPointAdapter(address as Address)
    // SponsorPaymaster reads packed operations with its own gas limits.
    if (!entryPoint?.supports.paymasterGasLimits)
      throw new ConfigError([`paymasters.${address}: no EntryPoint that can be served`])
    return { entryPoint, paymaster }
  })
}
