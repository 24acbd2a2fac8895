import { largerOf, smallerOf } from '../math/amounts.ts'

export type SearchGasLimitParameters = {
  /** Expected answer; a good one saves probes. */
  guess: bigint
  /** The answer is never below it. 0 unless told. */
  floor?: bigint
  /** Known to be enough: never probed. */
  max: bigint
  /** How far above the least sufficient limit the answer may be, in 1/1000 of it. */
  tolerancePermille: bigint
  /** Bound on calls of `probe`. */
  maxProbes: number
  /** Whether a limit is sufficient. More gas must never turn a success into a failure. */
  probe: (limit: bigint) => Promise<boolean>
}

/** Below this a narrower answer saves nobody anything. */
const minStep = 100n

/**
 * Least sufficient gas limit, within the tolerance: steps from the guess away until success and failure
 * enclose the answer, then halves. When probes run out, the best limit known to be sufficient.
 */
export async function searchGasLimit({
  guess,
  floor = 0n,
  max,
  tolerancePermille,
  maxProbes,
  probe,
}: SearchGasLimitParameters): Promise<bigint> {
  const tolerance = (limit: bigint) => largerOf((limit * tolerancePermille) / 1000n, minStep)
  let probes = 0
  let sufficient = max
  let insufficient = floor - 1n

  const ask = async (limit: bigint) => {
    probes++
    const enough = await probe(limit)
    if (enough) sufficient = limit
    else insufficient = limit
    return enough
  }

  const open = () => probes < maxProbes && sufficient - insufficient > tolerance(sufficient)

  if (floor >= max) return sufficient
  const start = smallerOf(largerOf(guess, floor), max - 1n)
  let step = tolerance(start)
  if (await ask(start)) {
    while (open()) {
      if (!(await ask(largerOf(sufficient - step, floor)))) break
      step *= 4n
    }
  } else {
    while (open() && insufficient + step < max) {
      if (await ask(insufficient + step)) break
      step *= 4n
    }
  }
  while (open()) await ask((sufficient + insufficient) / 2n)
  return sufficient
}
