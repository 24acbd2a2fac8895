import { toAbi } from './abiText.ts'
import * as account from './generated/fabstirAccount.ts'

/** What sessions read and call of an account. */
export const fabstirAccountAbi = [
  ...toAbi(account.addSessionKeyWithPolicy),
  ...toAbi(account.claimJobViaSessionKey),
  ...toAbi(account.entryPoint),
  ...toAbi(account.getSessionKey),
  ...toAbi(account.getSessionLimit),
  ...toAbi(account.isGrantUsed),
  ...toAbi(account.sessionEpoch),
]
