import { getEntryPointAdapter } from '@fabstir/erc4337'
import type { Address } from 'viem'
import { hashApiKey } from '../access/apiKey.ts'
import type { Administrator } from '../admin/credentials.ts'
import type { Policy } from '../policy/policy.ts'
import { PolicyInvalidError, parsePolicy } from '../policy/policy.ts'
import { policyMeans, unmetNeeds } from '../policyVersions/policyNeeds.ts'
import type { ConfiguredApp, ConfiguredApps } from '../rpc/identify.ts'
import type { ServedEntryPoint } from '../rpc/pm/served.ts'
import type { TokenPaymaster } from '../tokens/tokenPayments.ts'
import type { ServiceConfig } from './schema.ts'
import { ConfigError } from './schema.ts'

/** The policy documents by id. @throws ConfigError */
export function resolvePolicies({
  policies,
  ...config
}: Pick<ServiceConfig, 'policies'> & Parameters<typeof policyMeans>[0]): ReadonlyMap<
  string,
  Policy
> {
  const means = policyMeans(config)
  const parsed = new Map<string, Policy>()
  for (const [index, document] of policies.entries()) {
    const policy = parsePolicyAt(index, document)
    if (parsed.has(policy.id))
      throw new ConfigError([`policies.${index}.id: ${policy.id} is taken by another policy`])
    const unmet = unmetNeeds(policy, means)
    if (unmet.length > 0)
      throw new ConfigError(
        unmet.map(({ field, message }) => `policies.${index}.${field}: ${message}`),
      )
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

/** Administrators with the hashes of their keys. @throws ConfigError */
export function resolveAdministrators({
  administrators,
}: Pick<ServiceConfig, 'administrators'>): Administrator[] {
  return administrators.map(({ name, key, keyHash }, index) => {
    if (administrators.findIndex((other) => other.name === name) !== index)
      throw new ConfigError([`administrators.${index}.name: ${name} is the name of another one`])
    return { name, keyHash: key === undefined ? (keyHash ?? '') : hashApiKey(key) }
  })
}

/** The apps by the hash of their key. Policies that are not of the configuration are of the store. @throws ConfigError */
export function resolveKeys({ apps }: Pick<ServiceConfig, 'apps'>): ConfiguredApps {
  const keys = new Map<string, ConfiguredApp>()
  for (const [
    index,
    { name, apiKey, apiKeyHash, policies: policyIds, ...scope },
  ] of apps.entries()) {
    const hash = apiKey === undefined ? (apiKeyHash ?? '') : hashApiKey(apiKey)
    if (keys.has(hash)) throw new ConfigError([`apps.${index}: its key is the key of another app`])
    keys.set(hash, { name, policyIds, scope })
  }
  return keys
}

/** EntryPoint adapters with their paymasters. @throws ConfigError */
export function resolveEntryPoints({
  paymasters,
  parallelSigning = false,
}: Pick<ServiceConfig, 'paymasters'> &
  Partial<Pick<ServiceConfig, 'parallelSigning'>>): ServedEntryPoint[] {
  return resolvePaymasters('paymasters', paymasters).map((served) => ({
    ...served,
    parallelSigning: parallelSigning && served.entryPoint.supports.paymasterSignature,
  }))
}

/** EntryPoint adapters with their TokenPaymasters. @throws ConfigError */
export function resolveTokenPaymasters({
  tokenPaymasters,
  paymentTokens,
}: Pick<ServiceConfig, 'tokenPaymasters' | 'paymentTokens'>): TokenPaymaster[] {
  const payers = resolvePaymasters('tokenPaymasters', tokenPaymasters)
  // Whoever bundles would leave a large callGasLimit unused and take the penalty out of the deposit.
  for (const { entryPoint } of payers)
    if (!entryPoint.supports.fullCostInPostOp)
      throw new ConfigError([
        `tokenPaymasters.${entryPoint.address}: EntryPoint ${entryPoint.version} adds its penalty for unused gas after postOp, so no sender would pay for it; use a later one`,
      ])
  if (payers.length > 0 && paymentTokens.length === 0)
    throw new ConfigError(['paymentTokens: expected the tokens that tokenPaymasters take'])
  for (const [index, { address }] of paymentTokens.entries())
    if (paymentTokens.findIndex((token) => token.address === address) !== index)
      throw new ConfigError([`paymentTokens.${index}.address: ${address} stands there twice`])
  return payers
}

function resolvePaymasters(option: string, paymasters: Readonly<Record<string, Address>>) {
  return Object.entries(paymasters).map(([address, paymaster]) => {
    const entryPoint = getEntryPointAdapter(address as Address)
    // The contracts read packed operations with their own gas limits.
    if (!entryPoint?.supports.paymasterGasLimits)
      throw new ConfigError([`${option}.${address}: no EntryPoint that can be served`])
    return { entryPoint, paymaster }
  })
}
