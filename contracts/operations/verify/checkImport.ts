import { zeroAddress } from 'viem'
import { type Check, check } from './check.ts'
import { read, subjectsOf, type VerifyContext } from './readers.ts'

/** Nobody imports hosts, save the {MigrationHelper} of this deployment until it has closed itself. */
export async function checkImport(context: VerifyContext): Promise<Check[]> {
  const subjects = await subjectsOf(context)
  const helper = subjects.find(({ record }) => record.name === 'MigrationHelper')
  const open = helper !== undefined && (await read(context, helper, 'closed')) !== true
  const expected = open ? helper.record.address : zeroAddress
  const checks: Check[] = []
  for (const subject of subjects) {
    const { name, label } = subject.record
    if (name !== 'NodeRegistry' && name !== 'ReputationSystem') continue
    checks.push(check(label, 'migrator', expected, await read(context, subject, 'migrator')))
  }
  return checks
}
