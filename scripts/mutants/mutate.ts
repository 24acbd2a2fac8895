/** One small mistake in a source, and the walk that has to see it. */
export type Mutant = {
  name: string
  /** Path below the project's root, with forward slashes. */
  file: string
  /** Stands in the file exactly once. */
  find: string
  replace: string
  /** Test file that is run. */
  walk: string
  /** Part of what the walk says then. */
  rule: string
}

/** `source` with the mistake in it. Throws {@link MutantOutdatedError} when the place is not exactly one. */
export function mutate(mutant: Mutant, source: string): string {
  const parts = source.split(mutant.find)
  if (parts.length !== 2) throw new MutantOutdatedError(mutant, parts.length - 1)
  return parts.join(mutant.replace)
}

export type Verdict =
  | { status: 'caught'; by: string }
  | { status: 'caught otherwise'; by: string }
  | { status: 'survived' }
  | { status: 'broken'; why: string }

/** What a run of the walk says of a mutant: `code` and `output` are those of the test runner. */
export function verdict(mutant: Mutant, code: number | null, output: string): Verdict {
  const [failing, passing] = ['failing', 'passing'].map((word) =>
    Number(new RegExp(`(\\d+) ${word}`).exec(output)?.[1] ?? 0),
  )
  if (!failing && !passing) return { status: 'broken', why: `no test was run: ${lastLine(output)}` }
  if (!failing) {
    return code === 0
      ? { status: 'survived' }
      : { status: 'broken', why: `exit code ${code} without a failing test` }
  }
  const reasons = [...output.matchAll(/^\s+Error: (.*?)(?: != )*$/gm)].map(([, text]) => text ?? '')
  const expected = reasons.find((reason) => reason.includes(mutant.rule))
  if (expected !== undefined) return { status: 'caught', by: expected }
  return { status: 'caught otherwise', by: reasons[0] ?? 'no reason given' }
}

const lastLine = (output: string) => output.trim().split('\n').at(-1)?.trim() ?? ''

export class MutantOutdatedError extends Error {
  override name = 'MutantOutdatedError'
  constructor(mutant: Mutant, found: number) {
    super(
      `mutant "${mutant.name}": expected its text once in ${mutant.file}, found it ${found} times`,
    )
  }
}
