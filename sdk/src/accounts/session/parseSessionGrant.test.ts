import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SessionGrantInvalidError } from '../../errors/session.ts'
import { parseSessionGrant } from './parseSessionGrant.ts'
import type { SessionGrant } from './sessionGrant.ts'

const address = `0x${'11'.repeat(20)}` as const
const word = `0x${'22'.repeat(32)}` as const
const grant: SessionGrant = {
  version: 1,
  chainId: 31_337,
  account: address,
  entryPoint: address,
  factory: address,
  factoryData: '0x1234',
  policy: {
    key: address,
    validAfter: 0,
    validUntil: 1_800_000_000,
    uses: 500,
    calls: [{ target: address, selector: '0x12345678' }],
    limits: [{ token: address, perCall: '1', total: '340282366920938463463374607431768211455' }],
    pins: [{ target: address, selector: '0x12345678', index: 0, allowed: [word] }],
    payers: [address],
    maxGasCost: '0',
  },
  enable: { salt: word, deadline: 1_800_000_000, epoch: 0, ownerSignature: '0x00' },
}
const delegated: SessionGrant = {
  ...grant,
  factory: '0x7702',
  factoryData: '0x',
  authorization: { chainId: 31_337, address, nonce: 0, r: word, s: word, yParity: 1 },
}
const { enable: _, ...installed } = grant

describe('parseSessionGrant', () => {
  test.each([
    ['signed', grant],
    ['installed', installed],
    ['of an EIP-7702 account', delegated],
  ] as const)('a grant that is %s comes back as it was', (_, given) => {
    expect(parseSessionGrant(JSON.stringify(given))).toEqual(given)
    expect(parseSessionGrant(given)).toEqual(given)
  })

  test('fields of no meaning are left out', () => {
    expect(parseSessionGrant({ ...grant, note: 'mine' } as SessionGrant)).toEqual(grant)
  })

  test.each([
    { field: 'version', of: { version: 2 } },
    { field: 'chainId', of: { chainId: '31337' } },
    { field: 'account', of: { account: '0x11' } },
    { field: 'factory', of: { factory: '0x7703' } },
    { field: 'factoryData', of: { factoryData: '0x1' } },
    { field: 'policy', of: { policy: null } },
    { field: 'policy.uses', of: { policy: { ...grant.policy, uses: -1 } } },
    { field: 'policy.validUntil', of: { policy: { ...grant.policy, validUntil: 2 ** 48 } } },
    { field: 'policy.calls', of: { policy: { ...grant.policy, calls: {} } } },
    {
      field: 'policy.limits[0].total',
      of: {
        policy: {
          ...grant.policy,
          limits: [
            { token: address, perCall: '1', total: '340282366920938463463374607431768211456' },
          ],
        },
      },
    },
    {
      field: 'policy.pins[0].allowed[0]',
      of: { policy: { ...grant.policy, pins: [{ ...grant.policy.pins[0], allowed: ['0x01'] }] } },
    },
    { field: 'enable.salt', of: { enable: { ...grant.enable, salt: '0x' } } },
    {
      field: 'authorization.yParity',
      of: { authorization: { ...delegated.authorization, yParity: 27 } },
    },
  ])('$field is refused by its name', ({ field, of }) => {
    const parse = () => parseSessionGrant(JSON.stringify({ ...grant, ...of }))
    expect(parse).toThrow(SessionGrantInvalidError)
    expect(parse).toThrow(`has ${field} `)
  })

  test('whatever stands in the text, there is a grant or its error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          parseSessionGrant(text)
        } catch (error) {
          expect(error).toBeInstanceOf(SessionGrantInvalidError)
        }
      }),
    )
  })
})
