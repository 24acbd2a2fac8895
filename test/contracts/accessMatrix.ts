import type { ArtifactName } from '@fabstir/contracts/deploy'
import { accounts } from './access/accounts.ts'
import { governance } from './access/governance.ts'
import { hostContracts } from './access/hosts.ts'
import { marketplace } from './access/marketplace.ts'
import type { Rules } from './access/rules.ts'
import { tokenomics } from './access/tokenomics.ts'

/**
 * Every function of every deployed contract that changes something, and who passes its check of the caller. A function
 * without a line fails the test, and so does a line without one.
 */
export const accessMatrix: Record<ArtifactName, Rules> = {
  ...governance,
  ...marketplace,
  ...hostContracts,
  ...accounts,
  ...tokenomics,
}
