import { type Check, check } from './check.ts'
import type { Expectation } from './expectations.ts'
import { read, subjectsOf, type VerifyContext } from './readers.ts'

/** Reads each expected value of the chain. */
export async function checkExpectations(
  context: VerifyContext,
  expectations: readonly Expectation[],
): Promise<Check[]> {
  const subjects = new Map(
    (await subjectsOf(context)).map((subject) => [subject.record.label, subject]),
  )
  const checks: Check[] = []
  for (const { contract, functionName, args = [], equals, name } of expectations) {
    const subject = subjects.get(contract)
    const found = subject
      ? await read(context, subject, functionName, args)
      : 'no such contract in the deployment file'
    const called = args.length === 0 ? functionName : `${functionName}(${args.join(', ')})`
    checks.push(check(contract, name ?? called, equals, named(found, equals)))
  }
  return checks
}

/** Of a struct only the members that are expected, in their order. */
function named(found: unknown, expected: unknown): unknown {
  if (!isStruct(found) || !isStruct(expected)) return found
  return Object.fromEntries(Object.keys(expected).map((key) => [key, found[key]]))
}

const isStruct = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
