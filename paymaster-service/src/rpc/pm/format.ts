import { numberToHex } from 'viem'
import type { GasEstimate } from '../../estimate/bundlerEstimate.ts'
import type { Policy } from '../../policy/policy.ts'
import type { PaymasterGasLimits } from '../../sponsorship/paymasterGas.ts'
import type { PaymasterData, Sponsor } from '../../sponsorship/sponsor.ts'

/** Fields of an operation that the service fills in. */
export type PaymasterFields = PaymasterGasLimits &
  Pick<PaymasterData, 'paymaster' | 'paymasterData' | 'paymasterSignature'>

export function formatPaymasterFields({
  paymaster,
  paymasterData,
  paymasterSignature,
  paymasterVerificationGasLimit,
  paymasterPostOpGasLimit,
}: PaymasterFields) {
  return {
    paymaster,
    paymasterData,
    ...(paymasterSignature === undefined ? {} : { paymasterSignature }),
    paymasterVerificationGasLimit: numberToHex(paymasterVerificationGasLimit),
    paymasterPostOpGasLimit: numberToHex(paymasterPostOpGasLimit),
  }
}

export function formatGas({ callGasLimit, verificationGasLimit, preVerificationGas }: GasEstimate) {
  return {
    callGasLimit: numberToHex(callGasLimit),
    verificationGasLimit: numberToHex(verificationGasLimit),
    preVerificationGas: numberToHex(preVerificationGas),
  }
}

/** Who pays, as wallets show it (ERC-7677). */
export function formatSponsor({ document }: Policy, app: string): { name: string; icon?: string } {
  const { name, icon } = document.sponsor ?? { name: app, icon: undefined }
  return { name, ...(icon === undefined ? {} : { icon }) }
}

/** A policy in the shape of permissionless. */
export function formatPolicy({ id, document }: Policy) {
  const { name = null, author = null, icon = null, description = null } = document.sponsor ?? {}
  return { sponsorshipPolicyId: id, data: { name, author, icon, description } }
}

export function formatDryRun(results: Awaited<ReturnType<Sponsor['dryRun']>>) {
  return results.map(({ policy, refusal, verdicts, selectors }) => ({
    policyId: policy.id,
    ok: refusal === undefined,
    rule: refusal?.rule ?? null,
    remaining: refusal?.remaining === undefined ? null : `${refusal.remaining}`,
    resetsAt: refusal?.resetsAt ?? null,
    rules: verdicts.map(({ rule, refusal: found }) => ({
      rule,
      ok: found === undefined,
      message: found?.message ?? null,
    })),
    selectors,
  }))
}
