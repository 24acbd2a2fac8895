import { toAbi } from './abiText.ts'
import * as account from './generated/fabstirAccount.ts'

/** What sessions read and call of an account. */
export const fabstirAccountAbi = [
  ...toAbi(account.addSessionKeyWithPolicy),
  ...toAbi(account.cancelGrant),
  ...toAbi(account.claimJobViaSessionKey),
  ...toAbi(account.getSessionKey),
  ...toAbi(account.getSessionLimit),
  ...toAbi(account.isGrantUsed),
  ...toAbi(account.revokeSessionKey),
  ...toAbi(account.sessionEpoch),
]
