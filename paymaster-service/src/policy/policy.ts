import type { Address, Hex } from 'viem'
import { keccak256, slice, stringToHex } from 'viem'
import type { KnownAccounts } from './accounts/knownAccounts.ts'
import { accountIssues, knownAccounts } from './accounts/knownAccounts.ts'
import type { CallTable } from './calls/callTable.ts'
import { callTable } from './calls/callTable.ts'
import { canonicalJson } from './canonicalJson.ts'
import type { Caps } from './capsDocument.ts'
import { readCaps } from './capsDocument.ts'
import type { PolicyDocument } from './policyDocument.ts'
import { policyDocumentSchema } from './policyDocument.ts'

/** A checked policy document, prepared for evaluation. Addresses in sets are in lower case. */
export type Policy = {
  id: string
  version: number
  /** keccak256 of the document's canonical JSON. */
  hash: Hex
  /** First 16 bytes of {@link Policy.hash}: what `paymasterData` carries. */
  onChainHash: Hex
  document: PolicyDocument
  caps: Caps
  maxFeePerGas: bigint | undefined
  entryPoints: ReadonlySet<string>
  allowedSenders: ReadonlySet<string> | undefined
  deniedSenders: ReadonlySet<string>
  /** `owner` and ids of session keys. */
  allowedSigners: ReadonlySet<string> | undefined
  deniedSigners: ReadonlySet<string>
  accounts: KnownAccounts
  calls: CallTable
}

/**
 * Checks a document and prepares it.
 * @throws PolicyInvalidError naming each field that breaks the schema.
 */
export function parsePolicy(input: unknown): Policy {
  const parsed = policyDocumentSchema.safeParse(input)
  if (!parsed.success) {
    throw new PolicyInvalidError(
      parsed.error.issues.map(({ path, message }) => ({
        field: path.map(String).join('.'),
        message,
      })),
    )
  }
  const document = parsed.data
  const { table, issues } = callTable(document.calls)
  const contradictions = [...accountIssues(document), ...issues]
  if (contradictions.length > 0) throw new PolicyInvalidError(contradictions)
  const hash = keccak256(stringToHex(canonicalJson(document)))
  return {
    id: document.id,
    version: document.version,
    hash,
    onChainHash: slice(hash, 0, 16),
    document,
    caps: readCaps(document.caps),
    maxFeePerGas: document.maxFeePerGas === undefined ? undefined : BigInt(document.maxFeePerGas),
    entryPoints: addressSet(document.entryPoints),
    allowedSenders: document.senders?.allow && addressSet(document.senders.allow),
    deniedSenders: addressSet(document.senders?.deny ?? []),
    allowedSigners: document.sessionKeys?.allow && addressSet(document.sessionKeys.allow),
    deniedSigners: addressSet(document.sessionKeys?.deny ?? []),
    accounts: knownAccounts(document),
    calls: table,
  }
}

function addressSet(addresses: readonly (Address | 'owner')[]): ReadonlySet<string> {
  return new Set(addresses.map((address) => address.toLowerCase()))
}

/** A policy document does not follow the schema. */
export class PolicyInvalidError extends Error {
  override name = 'PolicyInvalidError'
  issues: readonly { field: string; message: string }[]

  constructor(issues: readonly { field: string; message: string }[]) {
    super(
      `invalid policy: ${issues.map(({ field, message }) => `${field}: ${message}`).join('; ')}`,
    )
    this.issues = issues
  }
}
