import type { UserOperation } from '@fabstir/erc4337'
import type { Address } from 'viem'
import { numberToHex } from 'viem'
import type { InnerCall } from '../accounts/innerCall.ts'
import { canonicalJson } from '../canonicalJson.ts'
import type { Policy } from '../policy.ts'

/** What the webhook of a policy is asked. */
export type Question = {
  policy: Pick<Policy, 'id' | 'version' | 'hash'>
  /** What is asked for: data for estimation, a sponsorship, or what would be answered to these. */
  stage: 'stub' | 'sponsorship' | 'dry-run'
  /** Name of the app whose key asks; `undefined` for an administrator who tries a policy. */
  app: string | undefined
  origin: string | undefined
  chainId: number
  entryPoint: Address
  op: UserOperation
  calls: readonly InnerCall[]
  /** Most that the operation may cost, wei. */
  maxCost: bigint
}

/** Body of the request: one JSON object with sorted keys. Numbers of the chain are hex quantities. */
export function questionBody(question: Question): string {
  const {
    policy,
    stage,
    app = null,
    origin = null,
    chainId,
    entryPoint,
    op,
    calls,
    maxCost,
  } = question
  return canonicalJson({
    type: 'willSponsor',
    stage,
    app,
    origin,
    policy: { id: policy.id, version: policy.version, hash: policy.hash },
    chainId: numberToHex(chainId),
    entryPoint,
    maxCost: numberToHex(maxCost),
    userOperation: {
      sender: op.sender,
      nonce: numberToHex(op.nonce),
      factory: op.factory ?? null,
      factoryData: op.factoryData ?? null,
      callData: op.callData,
      callGasLimit: numberToHex(op.callGasLimit),
      verificationGasLimit: numberToHex(op.verificationGasLimit),
      preVerificationGas: numberToHex(op.preVerificationGas),
      maxFeePerGas: numberToHex(op.maxFeePerGas),
      maxPriorityFeePerGas: numberToHex(op.maxPriorityFeePerGas),
    },
    calls: calls.map(({ target, value, data }) => ({ target, value: numberToHex(value), data })),
  })
}
