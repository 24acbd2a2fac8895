/** Chains whose EVM is not Ethereum's: a local run would not do what the chain does. */
const otherMachines: ReadonlyMap<number, string> = new Map([
  ...[324, 300, 280, 2741, 11124, 232, 37111, 388, 282, 50104, 531050104].map(
    (chainId): [number, string] => [chainId, 'a zkSync EVM'],
  ),
  ...[42161, 421614, 421613, 42170].map((chainId): [number, string] => [
    chainId,
    'ArbOS with precompiles of its own',
  ]),
  ...[295, 296, 297].map((chainId): [number, string] => [chainId, 'the Hedera EVM']),
])

/**
 * Refuses chains that a local EVM cannot follow. What this list does not name is still probed.
 * @throws UntraceableChainError
 */
export function assertTraceableChain(chainId: number): void {
  const machine = otherMachines.get(chainId)
  if (machine) throw new UntraceableChainError(chainId, `it runs ${machine}`)
}

/** The chain's EVM differs from the one that traces locally. */
export class UntraceableChainError extends Error {
  override name = 'UntraceableChainError'
  chainId: number

  constructor(chainId: number, cause: string) {
    super(`validation on chain ${chainId} cannot be traced locally: ${cause}`)
    this.chainId = chainId
  }
}
