import { zeroAddress } from 'viem'
import { codeParts } from '../../deploy/artifact.ts'
import { type Check, check } from './check.ts'
import { getter, gettersOf, read, subjectsOf, type VerifyContext } from './readers.ts'

/** Code that answers behind another contract's address: its own storage is nobody's. */
const parts: readonly string[] = Object.values(codeParts).flat()

/** Every contract with an owner belongs to the timelock, nobody waits to take it over, the deployer is nowhere named. */
export async function checkOwners(context: VerifyContext): Promise<Check[]> {
  const { addressBook, deployer } = context.deployment
  const checks: Check[] = []
  for (const subject of await subjectsOf(context)) {
    const { record, artifact } = subject
    if (getter(artifact.abi, 'owner', 'address')) {
      const owner = await read(context, subject, 'owner')
      const expected = parts.includes(record.name) ? zeroAddress : addressBook.timelock
      checks.push(check(record.label, 'owner', expected, owner))
    }
    if (getter(artifact.abi, 'pendingOwner', 'address')) {
      const pending = await read(context, subject, 'pendingOwner')
      checks.push(check(record.label, 'pendingOwner', zeroAddress, pending))
    }
    for (const { name } of gettersOf(artifact.abi, 'address')) {
      const named = await read(context, subject, name)
      if (`${named}`.toLowerCase() === deployer.toLowerCase()) {
        checks.push(check(record.label, `${name} is not the deployer`, 'another account', named))
      }
    }
  }
  return checks
}
