import { InvalidParamsRpcError } from 'viem'
import { describe, expect, test } from 'vitest'
import { readPermission } from './readPermission.ts'

const token = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
const expiry = { type: 'expiry', data: { timestamp: 1_800_000_000 } }
const payee = { type: 'payee', data: { addresses: [token] } }

const asked = (type: string, data: object, rules: readonly object[] = [expiry]) => ({
  chainId: '0x1',
  to: token,
  permission: { type, isAdjustmentAllowed: false, data },
  rules,
})
const session = (data: object) => asked('fabstir-session', { scope: ['postJob'], ...data })
const allowance = (data: object) =>
  asked('erc20-token-allowance', { tokenAddress: token, allowanceAmount: '0x1', ...data }, [
    expiry,
    payee,
  ])

describe('a token that is named twice', () => {
  test('in large and in small letters is refused: one limit would replace the other', () => {
    const spend = { [token.toLowerCase()]: { total: '0x1' }, [token]: { total: '0xffff' } }
    const read = () => readPermission(session({ spend }), 'params[0]')
    expect(read).toThrow(InvalidParamsRpcError)
    expect(read).toThrow(`params[0].permission.data.spend.${token} is named twice`)
  })

  test('is none where two are named', () => {
    const spend = { [token]: { total: '0x1' }, usdc: { total: '0x2' } }
    expect(readPermission(session({ spend }), 'params[0]').policy.spend).toEqual({
      [token]: { total: { token, value: 1n } },
      usdc: { total: { token: 'usdc', value: 2n } },
    })
  })
})

describe.each([
  ['fabstir-session', session],
  ['erc20-token-allowance', allowance],
])('the justification of a permission %s', (_, ask) => {
  test('has up to 1,000 characters', () => {
    const justification = 'x'.repeat(1000)
    const { request } = readPermission(ask({ justification }), 'params[0]')
    expect(request.permission.data).toMatchObject({ justification })
    const read = () => readPermission(ask({ justification: `${justification}x` }), 'params[0]')
    expect(read).toThrow(InvalidParamsRpcError)
    expect(read).toThrow('justification has 1001 characters, not up to 1000')
  })

  test('is text', () => {
    const read = () => readPermission(ask({ justification: ['because'] }), 'params[0]')
    expect(read).toThrow('justification is no text')
  })
})
