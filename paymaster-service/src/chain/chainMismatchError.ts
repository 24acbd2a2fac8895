/** The node is on another chain. */
export class ChainMismatchError extends Error {
  override name = 'ChainMismatchError'
  expected: number
  found: number

  constructor(expected: number, found: number) {
    super(`the node is on chain ${found}, the service is configured for chain ${expected}`)
    this.expected = expected
    this.found = found
  }
}
