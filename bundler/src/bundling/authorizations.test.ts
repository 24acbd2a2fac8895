import type { Address } from 'viem'
import { describe, expect, test } from 'vitest'
import type { AccountState } from '../chain/accountProbe.ts'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import { authorizedSenders, checkAuthorizations, withOneDelegate } from './authorizations.ts'

const delegate = testAddress(44)
const eip7702Auth = {
  chainId: 1,
  address: delegate,
  nonce: 5,
  yParity: 0,
  r: testHash(1),
  s: testHash(2),
}
const sender = testAddress(1)

/** The sender with `nonce`, delegated to `to`. */
function state(nonce: number, to?: Address) {
  const account: AccountState = {
    codeHash: testHash(0),
    codeSize: to ? 23 : 0,
    balance: 0n,
    ...(to && { delegate: to }),
  }
  return {
    accounts: new Map([[sender, account]]),
    hasNonce: (address: Address, candidate: number) => address === sender && candidate === nonce,
  }
}

describe('checkAuthorizations', () => {
  test('a tuple with the nonce of the account is carried', () => {
    const check = checkAuthorizations(state(5), [testPooled(1, { eip7702Auth })])
    expect(check).toEqual({ authorizations: [eip7702Auth], failures: [] })
  })

  test.each([
    { nonce: 6, rule: 'eip7702Nonce' },
    { nonce: 4, rule: 'eip7702NonceAhead' },
    { nonce: 0, rule: 'eip7702NonceAhead' },
  ])('one for nonce 5 of an account at $nonce: $rule', ({ nonce, rule }) => {
    const check = checkAuthorizations(state(nonce), [testPooled(1, { eip7702Auth })])
    expect(check.authorizations).toEqual([])
    expect(check.failures).toMatchObject([{ reason: { rule } }])
  })

  test.each([
    { to: delegate, carried: 0, failed: 0 },
    { to: testAddress(45), carried: 0, failed: 1 },
  ])('a used nonce of an account that is delegated to $to: $failed fail', (row) => {
    const check = checkAuthorizations(state(6, row.to), [testPooled(1, { eip7702Auth })])
    expect(check.authorizations).toHaveLength(row.carried)
    expect(check.failures).toHaveLength(row.failed)
  })

  test('two operations of one sender carry its tuple once', () => {
    const both = [testPooled(1, { eip7702Auth }), testPooled(2, { eip7702Auth, nonce: 1n << 64n })]
    expect(checkAuthorizations(state(5), both).authorizations).toHaveLength(1)
    expect(authorizedSenders(both)).toEqual([sender])
  })
})

test('an account gets one delegate in a bundle: the operation for another one waits', () => {
  const other = { ...eip7702Auth, address: testAddress(45) }
  const operations = [
    testPooled(1, { eip7702Auth }),
    testPooled(2, { eip7702Auth: other, nonce: 1n << 64n }),
    testPooled(3, { nonce: 2n << 64n }),
  ]
  expect(withOneDelegate(operations).map(({ hash }) => hash)).toEqual([testHash(1), testHash(3)])
})
