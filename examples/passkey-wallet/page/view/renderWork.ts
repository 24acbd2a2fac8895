import { isUsable } from '../wallet/pageKey.ts'
import type { WalletState } from '../wallet/walletState.ts'
import { showUsdc } from './amounts.ts'
import { create, setItems, setPill, setText, show } from './elements.ts'

/** Jobs, the session with a host, and the work as one. */
export function renderWork({ facts, key, rental }: WalletState): void {
  setText('jobs-signer', `signed by the ${key && isUsable(key) ? 'key of this page' : 'passkey'}`)
  setItems(
    'jobs',
    (facts?.jobs ?? []).map(({ jobId, payment, status }) =>
      create(
        'li',
        {},
        create('b', {}, `Job ${jobId}`),
        create('span', { class: 'muted' }, `${showUsdc(payment)} USDC, llama-70b`),
        create(
          'span',
          { class: 'pill', 'data-tone': status === 'posted' ? 'good' : 'none' },
          status,
        ),
      ),
    ),
  )

  const isHost = facts?.isHost ?? false
  setPill('host-status', isHost ? 'Registered' : '', 'good')
  show('register', !isHost)
  show('work', isHost)
  setText(
    'host-text',
    isHost
      ? 'Claim a job that somebody has posted, hand in its result, and get 85 % of 1 USDC.'
      : 'Stake 1,000 demo FAB, and take jobs of others. No key of a page may do that: your passkey confirms it.',
  )

  const open = rental !== undefined
  show('open-session', !open)
  show('session-facts', open)
  show('ask-form', rental?.session.status === 'active')
  show('end-session', open)
  setText(
    'session-text',
    open
      ? 'Pay by the token: each answer is co-signed by this page, and recorded on chain by the host.'
      : 'Deposit once, pay by the token, and get back what you did not use.',
  )
  setPill('session-status', rental?.session.status ?? '', 'good')
  setItems(
    'transcript',
    (rental?.kept.transcript ?? []).map(({ by, text }) => create('li', { 'data-by': by }, text)),
  )
  if (!rental) return
  const { kept, session } = rental
  const spent = (kept.signedTokens * session.pricePer1000) / 1000n
  setText('session-deposit', `${showUsdc(session.deposit)} USDC`)
  setText('session-signed', `${kept.signedTokens} tokens`)
  setText('session-proven', `${session.provenTokens} tokens`)
  setText('session-cost', `${showUsdc(spent)} USDC`)
}
