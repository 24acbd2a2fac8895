import type { WalletPage } from './walletPage.ts'

/** A new wallet up to the middle of a session, by the buttons of the page: what its picture shows. */
export async function playSession({ press }: WalletPage): Promise<void> {
  await press('Create a passkey wallet')
  await press('Get demo USDC')
  await press('Post two jobs at once')
  await press('Register as a host')
  await press('Let this page act for 1 hour')
  await press('Post one')
  await press('Open a session for 5 USDC')
  await press('Ask')
  await press('Work on a job')
}
