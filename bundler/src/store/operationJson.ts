import type { UserOperation } from '@fabstir/erc4337'

/** bigint fields of an operation: JSON has no bigint, so they are written as decimal strings. */
const quantities = [
  'nonce',
  'callGasLimit',
  'verificationGasLimit',
  'preVerificationGas',
  'maxFeePerGas',
  'maxPriorityFeePerGas',
  'paymasterVerificationGasLimit',
  'paymasterPostOpGasLimit',
] as const satisfies readonly (keyof UserOperation)[]

/** Writes an operation for the journal. `v` of an authorization (a bigint) follows from `yParity` and is left out. */
export function operationToJson(op: UserOperation): string {
  const { eip7702Auth, ...fields } = op
  const json: Record<string, unknown> = { ...fields }
  for (const field of quantities) {
    if (op[field] !== undefined) json[field] = op[field].toString()
  }
  if (eip7702Auth) {
    const { v: _, ...authorization } = eip7702Auth
    json.eip7702Auth = authorization
  }
  return JSON.stringify(json)
}

/** Reads what `operationToJson` wrote. */
export function operationFromJson(text: string): UserOperation {
  const json: Record<string, unknown> = JSON.parse(text)
  for (const field of quantities) {
    const value = json[field]
    if (typeof value === 'string') json[field] = BigInt(value)
  }
  return json as unknown as UserOperation
}
