import type { SessionKeyState } from '@fabstir/sdk'
import { isUsable, pageScope } from '../wallet/pageKey.ts'
import type { WalletState } from '../wallet/walletState.ts'
import { showUsdc } from './amounts.ts'
import { create, element, setItems, setPill, setText, show, type Tone } from './elements.ts'

const names = {
  postJob: 'post jobs',
  openSession: 'open sessions',
  completeSession: 'end sessions',
  claimJob: 'claim jobs',
  submitResult: 'hand in results',
  withdraw: 'withdraw to you',
} as const satisfies Record<(typeof pageScope)[number], string>

const statuses: Readonly<
  Record<SessionKeyState['status'], { text: string; tone: Tone; about: string }>
> = {
  unused: {
    text: 'Ready',
    tone: 'good',
    about: 'Signed by your passkey. Its first operation installs it in the account.',
  },
  active: {
    text: 'Active',
    tone: 'good',
    about: 'It signs for you, without a prompt, within this:',
  },
  pending: { text: 'Not yet', tone: 'wait', about: 'Its time has not come.' },
  exhausted: { text: 'Used up', tone: 'bad', about: 'It has no operations left.' },
  expired: { text: 'Expired', tone: 'bad', about: 'Its time is over.' },
  revoked: {
    text: 'Revoked',
    tone: 'bad',
    about:
      'The account refuses it, whoever has it. Until you grant another one, the passkey signs.',
  },
}

export function renderKey({ key }: WalletState): void {
  const usable = key !== undefined && isUsable(key)
  show('grant', !usable)
  show('revoke', usable)
  show('use-revoked', key?.status === 'revoked')
  show('key-limits', usable)
  if (!key) {
    setPill('key-status', 'None', 'none')
    setText(
      'key-text',
      'Until now every operation asks for your passkey. Confirm once, and a key that this browser keeps and never shows does the rest: 50 operations and 10 USDC, at most 5 at once.',
    )
    return
  }
  const { text, tone, about } = statuses[key.status]
  setPill('key-status', text, tone)
  setText('key-text', about)
  if (!usable) return

  const unused = key.status === 'unused'
  const usesLeft = unused ? key.uses : key.usesLeft
  setText('key-uses', `${usesLeft} of ${key.uses}`)
  setMeter('key-uses-meter', usesLeft, key.uses)
  const { total = 0n, left = 0n } = key.limits[0] ?? {}
  const usdcLeft = unused ? (total ?? 0n) : left
  setText('key-usdc', `${showUsdc(usdcLeft)} of ${showUsdc(total ?? 0n)}`)
  setMeter('key-usdc-meter', Number(usdcLeft), Number(total))
  const until = new Date(key.validUntil * 1000)
  setText('key-until', until.toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' }))
  element<HTMLTimeElement>('key-until').dateTime = until.toISOString()
  setItems(
    'key-scope',
    pageScope.map((scope) => create('li', {}, names[scope])),
  )
}

function setMeter(id: string, value: number, max: number): void {
  const meter = element<HTMLMeterElement>(id)
  meter.max = max
  meter.value = value
}
