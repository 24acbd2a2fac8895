/** Tokens of the demo: words. The host counts what it says, and the page what it reads before it co-signs. */
export function countTokens(answer: string): bigint {
  return BigInt(answer.split(/\s+/).filter((word) => word !== '').length)
}
