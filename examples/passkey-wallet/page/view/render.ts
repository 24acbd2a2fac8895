import type { WalletState } from '../wallet/walletState.ts'
import { setText, show } from './elements.ts'
import { renderAccount } from './renderAccount.ts'
import { renderKey } from './renderKey.ts'
import { renderOperations } from './renderOperations.ts'
import { renderWork } from './renderWork.ts'

/** Shows the state. */
export function render(state: WalletState): void {
  const { address, busy, error } = state
  show('welcome', address === undefined)
  show('wallet', address !== undefined)
  show('sign-out', address !== undefined)
  show('alert', error !== undefined)
  setText('alert-title', error?.title ?? '')
  setText('alert-text', error?.text ?? '')
  setText('status', busy ?? '')
  for (const button of document.querySelectorAll('main button:not(.quiet)')) {
    // Not `disabled`: that would take the focus away.
    button.setAttribute('aria-disabled', `${busy !== undefined}`)
  }
  if (address === undefined) return
  renderAccount(state)
  renderKey(state)
  renderWork(state)
  renderOperations(state)
}
