import type { Operation } from '../operations.ts'
import type { WalletState } from '../wallet/walletState.ts'
import { shorten, showEth } from './amounts.ts'
import { create, setItems, show } from './elements.ts'

export function renderOperations({ operations }: WalletState): void {
  show('activity-empty', operations.length === 0)
  setItems('activity', operations.map(toItem))
}

const marks = { pending: '', done: '', failed: '×' } as const
const outcomes = { pending: 'under way', done: 'on chain', failed: 'failed' } as const

function toItem({ title, signer, state, note, hash, gasCost, payer }: Operation): HTMLLIElement {
  const detail = [
    state === 'done' ? 'on chain' : note,
    `${isTheirs(signer) ? 'sent' : 'signed'} by the ${signer}`,
    ...(hash ? [shorten(hash)] : []),
  ].join(' · ')
  const gas =
    gasCost === undefined ? [] : [create('b', {}, showEth(BigInt(gasCost))), payerText(payer)]
  return create(
    'li',
    { 'data-state': state },
    create('span', { class: 'mark', 'aria-hidden': 'true' }, marks[state]),
    create(
      'span',
      { class: 'title' },
      title,
      create('span', { class: 'visually-hidden' }, `: ${outcomes[state]}`),
    ),
    create('span', { class: 'gas' }, ...gas),
    create('span', { class: 'detail' }, detail),
  )
}

/** An operation of the other side's account. */
const isTheirs = (signer: Operation['signer']) => signer === 'host' || signer === 'renter'

const payerText = (payer: Operation['payer']) =>
  payer === 'you' ? 'paid by you' : 'paid by the sponsor'
