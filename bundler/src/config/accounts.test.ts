import { expect, test } from 'vitest'
import { executorAccounts, treasuryAccount } from './accounts.ts'

const key = `0x${'11'.repeat(32)}` as const
const mnemonic = 'test test test test test test test test test test test junk'

test('private keys give their accounts', () => {
  const [account] = executorAccounts({ executorPrivateKeys: [key], executorCount: 1 })
  expect(account?.address).toBe('0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A')
})

test('a mnemonic gives as many accounts as asked for', () => {
  const accounts = executorAccounts({ executorMnemonic: mnemonic, executorCount: 2 })
  expect(accounts.map(({ address }) => address)).toEqual([
    '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
    '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  ])
})

test('a key twice would sign one nonce twice', () => {
  const keys = { executorPrivateKeys: [key, key], executorCount: 1 }
  expect(() => executorAccounts(keys)).toThrow('must be distinct')
})

test('words that are no mnemonic, and a key that is none, are refused without showing them', () => {
  expect(() => executorAccounts({ executorMnemonic: 'secret words', executorCount: 1 })).toThrow(
    /^the executor mnemonic cannot be used$/,
  )
  const zero = `0x${'00'.repeat(32)}` as const
  expect(() => executorAccounts({ executorPrivateKeys: [zero], executorCount: 1 })).toThrow(
    /^the executor private keys cannot be used$/,
  )
})

test('the treasury is none of the executors: both would use the same nonces', () => {
  const executors = executorAccounts({ executorPrivateKeys: [key], executorCount: 1 })
  const addresses = executors.map(({ address }) => address)
  expect(() => treasuryAccount({ treasuryPrivateKey: key }, addresses)).toThrow(
    'must not be one of the executors',
  )
  expect(treasuryAccount({ treasuryPrivateKey: key }, [])).toMatchObject({ address: addresses[0] })
})
