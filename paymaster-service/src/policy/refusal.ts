/** Why an operation is not sponsored. */
export type Refusal = {
  /** Rule id, like `global.cap`. Part of the public interface. */
  rule: string
  /** The rule and its numbers as one sentence. */
  message: string
  /** What the cap still allows: wei for `.cap`, micro-USD for `.usd`, operations for `.count`. */
  remaining?: bigint
  /** Unix seconds at which the cap starts over; `null` is never. */
  resetsAt?: number | null
}

/** A refusal by `rule`, for `reason`. */
export function refuse(rule: string, reason: string): Refusal {
  return { rule, message: `${rule}: ${reason}` }
}
