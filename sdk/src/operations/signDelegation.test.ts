import { createClient, custom } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { recoverAuthorizationAddress } from 'viem/utils'
import { expect, test } from 'vitest'
import { toFabstirAccount } from '../accounts/fabstir/toFabstirAccount.ts'
import { testContracts as contracts } from '../testing/addressBook.ts'
import { signDelegation } from './signDelegation.ts'

const owner = privateKeyToAccount(generatePrivateKey())
/** A node that would like a delegation for every chain. */
const accountWith = (code: string) =>
  toFabstirAccount({
    client: createClient({
      transport: custom({
        async request({ method }: { method: string }) {
          if (method === 'eth_getCode') return code
          return method === 'eth_getTransactionCount' ? '0x5' : '0x0'
        },
      }),
    }),
    owner,
    contracts,
    eip7702: true,
  })

test('the delegation is for the chain of the address book, whatever the node says', async () => {
  const authorization = await signDelegation(await accountWith('0x'), contracts.chainId)
  expect(authorization).toMatchObject({
    chainId: contracts.chainId,
    nonce: 5,
    address: contracts.deployments[0]?.accountImplementation,
  })
  if (!authorization) throw new Error('no authorization')
  expect(await recoverAuthorizationAddress({ authorization })).toBe(owner.address)
})

test.each([
  { name: 'is delegated already', implementation: 0, signs: false },
  { name: 'is delegated to other code', implementation: 1, signs: true },
])('an account that $name: signs $signs', async ({ implementation, signs }) => {
  const delegate = contracts.deployments[implementation]?.accountImplementation ?? '0x'
  const account = await accountWith(`0xef0100${delegate.slice(2)}`)
  expect((await signDelegation(account, contracts.chainId)) !== undefined).toBe(signs)
})
