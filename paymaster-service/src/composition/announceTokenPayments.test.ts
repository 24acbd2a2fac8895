import { defaultEntryPoint } from '@fabstir/erc4337'
import { getAddress } from 'viem'
import { expect, test } from 'vitest'
import { SponsorshipRefusedError } from '../sponsorship/errors.ts'
import { testOperation, testPaymaster } from '../testing/fixtures.ts'
import type { TokenPayments } from '../tokens/tokenPayments.ts'
import type { Announcement } from '../webhooks/outbox.ts'
import { announceTokenPayments } from './announceTokenPayments.ts'

const token = getAddress(`0x${'ee'.repeat(20)}`)
const request = {
  entryPoint: defaultEntryPoint,
  paymaster: testPaymaster,
  op: testOperation({ nonce: 7n }),
  token,
  app: 'shop',
}

function setUp(stub: TokenPayments['stub'], data: TokenPayments['data']) {
  const told: Announcement[] = []
  const payments = announceTokenPayments(
    { quotes: async () => [], stub, data },
    {
      async announce(announcement) {
        told.push(announcement)
      },
    },
    () => 5,
  )
  return { told, payments }
}

const given = async () => ({
  paymaster: testPaymaster,
  paymasterData: '0x' as const,
  paymasterVerificationGasLimit: 1n,
  paymasterPostOpGasLimit: 1n,
})

test('what is refused in a token is told with its rule, stage and app, and refused all the same', async () => {
  const refusal = { rule: 'token.balance', message: 'token.balance: 1 of 2', policyId: undefined }
  const refuse = () => Promise.reject(new SponsorshipRefusedError([refusal]))
  const { told, payments } = setUp(refuse, refuse)
  await expect(payments.stub(request)).rejects.toThrow(SponsorshipRefusedError)
  await expect(payments.data(request)).rejects.toThrow('token.balance: 1 of 2')
  const event = (stage: string) => ({
    type: 'sponsorship.refused',
    app: 'shop',
    at: 5,
    data: {
      entryPoint: defaultEntryPoint.address,
      paymaster: testPaymaster,
      sender: request.op.sender,
      nonce: '0x7',
      token,
      stage,
      refusals: [{ rule: 'token.balance', message: 'token.balance: 1 of 2', policyId: null }],
    },
  })
  expect(told).toEqual([event('stub'), event('final')])
})

test('what is given, and what fails for another reason, is no refusal', async () => {
  const { told, payments } = setUp(given, () => Promise.reject(new Error('no answer')))
  expect(await payments.stub(request)).toEqual(await given())
  await expect(payments.data(request)).rejects.toThrow('no answer')
  expect(told).toEqual([])
})
