import { stringToHex } from 'viem'
import { expect, test } from 'vitest'
import { accountDomain } from '../../accounts/fabstir/accountDomain.ts'
import { testContracts } from '../../testing/addressBook.ts'
import { batchWallet } from '../../testing/batchWallet.ts'
import { me } from '../../testing/chain.ts'
import type { ApprovalRequest } from '../approval.ts'

const other = '0x2200000000000000000000000000000000000022'
const text = [{ name: 'text', type: 'string' }]
const mail = { types: { Mail: text }, primaryType: 'Mail', message: { text: 'hello' } }

/** What a user who refuses everything but to connect is asked. */
async function askUser(method: string, params: readonly unknown[]) {
  const asked: ApprovalRequest[] = []
  const approve = (request: ApprovalRequest) => {
    asked.push(request)
    return request.type === 'connect'
  }
  const { ask } = await batchWallet({}, { approve })
  const error: unknown = await ask(method, ...params).catch((refusal: unknown) => refusal)
  return { error, asked: asked.slice(1) }
}

test.each([
  ['a grant of another account of its owner', { ...accountDomain, verifyingContract: other }, mail],
  ["the account's domain without its address", { ...accountDomain }, mail],
  [
    'what an account signs for others (ERC-7739)',
    { name: 'USD Coin' },
    {
      types: { TypedDataSign: [{ name: 'contents', type: 'Permit' }], Permit: text },
      primaryType: 'TypedDataSign',
      message: { contents: { text: 'all of it' } },
    },
  ],
  [
    'a struct that the wrapper would replace',
    { name: 'Mail' },
    {
      types: { Mail: [{ name: 'inner', type: 'TypedDataSign' }], TypedDataSign: text },
      primaryType: 'Mail',
      message: { inner: { text: 'hello' } },
    },
  ],
])('%s is refused (4100) before the user is asked', async (_, domain, typedData) => {
  const { error, asked } = await askUser('eth_signTypedData_v4', [me, { ...typedData, domain }])
  expect(error).toMatchObject({ code: 4100 })
  expect(asked).toEqual([])
})

test('typed data of anybody else is for the user to judge', async () => {
  const domain = { name: 'Fabstir', chainId: testContracts.chainId, verifyingContract: other }
  const { error, asked } = await askUser('eth_signTypedData_v4', [me, { ...mail, domain }])
  expect(error).toMatchObject({ code: 4001 })
  expect(asked).toMatchObject([{ type: 'signTypedData', typedData: { message: mail.message } }])
})

test('a message is shown with the byte order mark that is signed', async () => {
  const { asked } = await askUser('personal_sign', [stringToHex('\uFEFFpay'), me])
  expect(asked).toMatchObject([{ type: 'signMessage', text: '\uFEFFpay' }])
})
