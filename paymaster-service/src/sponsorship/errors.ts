import type { Refusal } from '../policy/refusal.ts'

/** A policy, and why it does not pay. */
export type PolicyRefusal = Refusal & { policyId: string | undefined }

/** No policy pays for the operation. Holds one refusal of each that was asked, in order. */
export class SponsorshipRefusedError extends Error {
  override name = 'SponsorshipRefusedError'
  refusals: readonly [PolicyRefusal, ...PolicyRefusal[]]

  constructor(refusals: readonly [PolicyRefusal, ...PolicyRefusal[]]) {
    const [first, ...others] = refusals
    super(
      others.length === 0
        ? first.message
        : `${first.message} (policy ${first.policyId}; ${others.length} more refused)`,
    )
    this.refusals = refusals
  }
}

/** A field that a signature needs is missing from the operation. */
export class OperationIncompleteError extends Error {
  override name = 'OperationIncompleteError'
  field: string

  constructor(field: string) {
    super(`${field}: expected more than 0; estimate the gas with the stub data first`)
    this.field = field
  }
}

/** The ledger does not follow the chain yet: what is signed now might never be settled. */
export class NotFollowingError extends Error {
  override name = 'NotFollowingError'

  constructor() {
    super('the ledger does not follow the chain yet')
  }
}

/** The error for the refusals of all policies that were asked. */
export function refused(refusals: readonly PolicyRefusal[]): SponsorshipRefusedError {
  const [first, ...others] = refusals
  return new SponsorshipRefusedError(
    first
      ? [first, ...others]
      : [
          {
            rule: 'policy.none',
            message: 'policy.none: the key has no policy',
            policyId: undefined,
          },
        ],
  )
}
