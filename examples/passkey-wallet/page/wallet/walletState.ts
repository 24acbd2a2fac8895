import type { Session, SessionKeyState } from '@fabstir/sdk'
import type { Address } from 'viem'
import type { Explanation } from '../explain.ts'
import type { Operation } from '../operations.ts'
import type { AccountFacts } from './readAccount.ts'
import type { Rental } from './rental.ts'

/** Everything that the page shows. */
export type WalletState = {
  address: Address | undefined
  facts: AccountFacts | undefined
  /** Prompts of the passkey since the page was loaded. */
  prompts: number
  key: SessionKeyState | undefined
  rental: { kept: Rental; session: Session } | undefined
  operations: readonly Operation[]
  /** What is under way; nothing else can be started meanwhile. */
  busy: string | undefined
  error: Explanation | undefined
}

export const emptyState: WalletState = {
  address: undefined,
  facts: undefined,
  prompts: 0,
  key: undefined,
  rental: undefined,
  operations: [],
  busy: undefined,
  error: undefined,
}
