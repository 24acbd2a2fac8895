import { toAbi } from './abiText.ts'
import * as account from './generated/fabstirAccount.ts'

/** What session keys take of an account. The whole ABI would be a fifth of the client in a browser. */
export const fabstirAccountAbi = [
  ...toAbi(account.addSessionKeyWithPolicy),
  ...toAbi(account.cancelGrant),
  ...toAbi(account.claimJobViaSessionKey),
  ...toAbi(account.entryPoint),
  ...toAbi(account.getSessionKey),
  ...toAbi(account.getSessionLimit),
  ...toAbi(account.isGrantUsed),
  ...toAbi(account.revokeAllSessionKeys),
  ...toAbi(account.revokeSessionKey),
  ...toAbi(account.sessionEpoch),
  ...toAbi(account.AllSessionKeysRevoked),
  ...toAbi(account.GrantCancelled),
  ...toAbi(account.SessionKeyAdded),
  ...toAbi(account.SessionKeyRevoked),
]
