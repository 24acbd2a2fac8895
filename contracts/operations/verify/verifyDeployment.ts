import { type Check, check } from './check.ts'
import { checkCode } from './checkCode.ts'
import { checkExpectations } from './checkExpectations.ts'
import { checkImport } from './checkImport.ts'
import { checkOwners } from './checkOwners.ts'
import { checkRoles } from './checkRoles.ts'
import { constants, guardedParameters, wiring } from './expectations.ts'
import type { VerifyContext } from './readers.ts'

/** Compares a live deployment with its file and with this build of the sources. Reads only. */
export async function verifyDeployment(context: VerifyContext): Promise<Check[]> {
  const { deployment, publicClient } = context
  return [
    check('chain', 'chain id', deployment.addressBook.chainId, await publicClient.getChainId()),
    ...(await checkCode(context)),
    ...(await checkOwners(context)),
    ...(await checkRoles(context)),
    ...(await checkImport(context)),
    ...(await checkExpectations(context, wiring(deployment))),
    ...(await checkExpectations(context, constants(deployment))),
    ...(await checkExpectations(context, guardedParameters(deployment))),
  ]
}
