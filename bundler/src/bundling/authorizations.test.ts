import { describe, expect, test } from 'vitest'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import { checkAuthorizations } from './authorizations.ts'
import { delegationCode } from './delegationCode.ts'

const delegate = testAddress(44)
const eip7702Auth = {
  chainId: 1,
  address: delegate,
  nonce: 5,
  yParity: 0,
  r: testHash(1),
  s: testHash(2),
}

function node(code: string, nonce: number) {
  return {
    request: async (method: string) =>
      method === 'eth_getCode' ? code : `0x${nonce.toString(16)}`,
  }
}

describe('checkAuthorizations', () => {
  test('a tuple with the nonce of the account is carried', async () => {
    const check = await checkAuthorizations(node('0x', 5), [testPooled(1, { eip7702Auth })])
    expect(check).toMatchObject({ authorizations: [eip7702Auth], failures: [] })
    expect(check.operations).toHaveLength(1)
  })

  test.each([4, 6])('one for nonce 5 of an account at %i is stale', async (nonce) => {
    const check = await checkAuthorizations(node('0x', nonce), [testPooled(1, { eip7702Auth })])
    expect(check.operations).toEqual([])
    expect(check.failures).toMatchObject([{ reason: { rule: 'eip7702Nonce' } }])
  })

  test('an account that has the delegate already needs no tuple', async () => {
    const check = await checkAuthorizations(node(delegationCode(delegate), 6), [
      testPooled(1, { eip7702Auth }),
    ])
    expect(check).toMatchObject({ authorizations: [], failures: [] })
    expect(check.operations).toHaveLength(1)
  })

  test('two operations of one sender carry its tuple once', async () => {
    const check = await checkAuthorizations(node('0x', 5), [
      testPooled(1, { eip7702Auth }),
      testPooled(2, { eip7702Auth, nonce: 1n << 64n }),
    ])
    expect(check.authorizations).toHaveLength(1)
    expect(check.operations).toHaveLength(2)
  })

  test('an account gets one delegate in a bundle: the operation for another one waits', async () => {
    const other = { ...eip7702Auth, address: testAddress(45) }
    const check = await checkAuthorizations(node('0x', 5), [
      testPooled(1, { eip7702Auth }),
      testPooled(2, { eip7702Auth: other, nonce: 1n << 64n }),
    ])
    expect(check.operations.map(({ hash }) => hash)).toEqual([testHash(1)])
    expect(check).toMatchObject({ authorizations: [eip7702Auth], failures: [] })
  })
})
