import type { WalletState } from '../wallet/walletState.ts'
import { shorten, showEth, showUsdc } from './amounts.ts'
import { element, setPill, setText, show } from './elements.ts'

export function renderAccount({ address = '0x', facts, prompts }: WalletState): void {
  setText('address', shorten(address, 6))
  element('address').title = address
  setText('prompts', `${prompts}`)
  if (!facts) return
  const { deployed, usdc, owed, eth, gas } = facts
  setPill('deployed', deployed ? 'On chain' : 'Not on chain yet', deployed ? 'good' : 'none')
  setText('usdc', showUsdc(usdc))
  setText('owed', showUsdc(owed))
  setText('eth', showEth(eth))
  setText('gas-user', showEth(gas.user))
  setText('gas-sponsor', showEth(gas.sponsor))
  show('withdraw', owed > 0n)
  setText('withdraw', `Withdraw ${showUsdc(owed)} USDC`)
}
