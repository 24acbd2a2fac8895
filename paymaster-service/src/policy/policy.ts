import type { Address, Hex } from 'viem'
import { keccak256, pad, slice, stringToHex, toFunctionSelector } from 'viem'
import { canonicalJson } from './canonicalJson.ts'
import type { Caps } from './capsDocument.ts'
import { readCaps } from './capsDocument.ts'
import type { ArgumentCondition, PolicyDocument } from './policyDocument.ts'
import { policyDocumentSchema } from './policyDocument.ts'

/** An argument must be one of these words; `account` is the sender. */
export type ArgumentRule = { index: number; words: readonly (Hex | 'account')[] }

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
  factories: ReadonlySet<string>
  delegates: ReadonlySet<string>
  allowedSenders: ReadonlySet<string> | undefined
  deniedSenders: ReadonlySet<string>
  /** Implementations by the hash of the code in front of them; `any` where the code is all. */
  accounts: ReadonlyMap<string, ReadonlySet<string> | 'any'>
  /** By `target:selector`, both in lower case; each entry is one way to be allowed. */
  calls: ReadonlyMap<string, readonly (readonly ArgumentRule[])[]>
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
    factories: addressSet(document.factories),
    delegates: addressSet(document.delegates),
    allowedSenders: document.senders?.allow && addressSet(document.senders.allow),
    deniedSenders: addressSet(document.senders?.deny ?? []),
    accounts: new Map(
      document.accounts.map(({ codeHash, implementations }) => [
        codeHash,
        implementations ? addressSet(implementations) : 'any',
      ]),
    ),
    calls: callTable(document),
  }
}

function callTable(document: PolicyDocument) {
  const table = new Map<string, (readonly ArgumentRule[])[]>()
  for (const { target, functions, arguments: conditions = [] } of document.calls) {
    for (const name of functions) {
      const key = callKey(target, name.startsWith('0x') ? (name as Hex) : toFunctionSelector(name))
      table.set(key, [...(table.get(key) ?? []), conditions.map(argumentRule)])
    }
  }
  return table
}

/** Key of {@link Policy.calls}. */
export function callKey(target: Address | 'account', selector: Hex): string {
  return `${target}:${selector}`.toLowerCase()
}

function argumentRule({ index, in: values }: ArgumentCondition): ArgumentRule {
  return {
    index,
    words: values.map((value) =>
      value === 'account' ? value : (pad(value as Hex, { size: 32 }).toLowerCase() as Hex),
    ),
  }
}

function addressSet(addresses: readonly Address[]): ReadonlySet<string> {
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
