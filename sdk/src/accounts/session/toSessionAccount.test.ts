import { fabstirAccountAbi, jobMarketplaceAbi } from '@fabstir/contracts/abi'
import {
  createClient,
  custom,
  decodeFunctionData,
  encodeFunctionData,
  recoverTypedDataAddress,
  size,
  slice,
  zeroHash,
} from 'viem'
import { getUserOperationTypedData, type UserOperation } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { resolveDeployment } from '../../contracts/addressBooks.ts'
import {
  SessionGrantInvalidError,
  SessionKeyMismatchError,
  SessionKeySigningError,
} from '../../errors/session.ts'
import { testContracts as contracts } from '../../testing/addressBook.ts'
import { decodeExecute } from '../fabstir/executeData.ts'
import { stubSecp256k1Signature } from '../signature.ts'
import { type SessionGrant, toGrantPolicy } from './sessionGrant.ts'
import { encodeSessionCalls, toSessionAccount } from './toSessionAccount.ts'
import { toSessionPolicy } from './toSessionPolicy.ts'

const key = privateKeyToAccount(generatePrivateKey())
const wallet = '0x1100000000000000000000000000000000000011'
const deployment = resolveDeployment(contracts)
const grant: SessionGrant = {
  version: 1,
  chainId: contracts.chainId,
  account: wallet,
  entryPoint: deployment.entryPoint,
  factory: deployment.accountFactory,
  factoryData: '0x1234',
  policy: toGrantPolicy(
    toSessionPolicy(
      { key: key.address, expiresIn: '24h', scope: ['claimJob'] },
      { contracts, deployment, account: wallet, now: 0 },
    ),
  ),
  enable: {
    salt: `0x${'11'.repeat(32)}`,
    deadline: 9,
    epoch: 0,
    ownerSignature: stubSecp256k1Signature,
  },
}
/** A chain on which nothing is deployed or stored. */
const client = createClient({
  transport: custom({
    request: async ({ method }) => (method === 'eth_getStorageAt' ? zeroHash : '0x'),
  }),
})
const account = toSessionAccount({ client, grant, key, contracts })
const operation: UserOperation<'0.8'> = {
  sender: wallet,
  nonce: 0n,
  callData: '0x',
  callGasLimit: 1n,
  verificationGasLimit: 1n,
  preVerificationGas: 1n,
  maxFeePerGas: 1n,
  maxPriorityFeePerGas: 1n,
  signature: '0x',
}
const keyOf = (signature: `0x${string}`) =>
  recoverTypedDataAddress({
    ...getUserOperationTypedData({
      chainId: contracts.chainId,
      entryPointAddress: deployment.entryPoint,
      userOperation: operation,
    }),
    signature,
  })

describe('toSessionAccount', () => {
  test('signs operations with the key, behind the prefix of its kind', async () => {
    const signature = await account.signUserOperation(operation)
    expect(slice(signature, 0, 1)).toBe('0x00')
    expect(await keyOf(slice(signature, 1))).toBe(key.address)
  })

  test('while the grant is not installed, stub and signature install it and are equally long', async () => {
    const stub = await account.getStubSignature()
    const signature = await account.signUserOperation({ ...operation, signature: stub })
    expect([slice(stub, 0, 1), slice(signature, 0, 1)]).toEqual(['0x10', '0x10'])
    expect(size(signature)).toBe(size(stub))
  })

  test('deploys the account that is not there yet', async () => {
    expect(await account.getFactoryArgs()).toEqual({
      factory: deployment.accountFactory,
      factoryData: '0x1234',
    })
  })

  test('signs no messages for the owner', async () => {
    await expect(account.signMessage({ message: 'hello' })).rejects.toThrow(SessionKeySigningError)
  })

  test('refuses a key that the grant was not made for', () => {
    const other = privateKeyToAccount(generatePrivateKey())
    expect(() => toSessionAccount({ client, grant, key: other, contracts })).toThrow(
      SessionKeyMismatchError,
    )
  })
})

describe('a grant from somewhere else', () => {
  test.each([
    { field: 'version', value: 2 },
    { field: 'entryPoint', value: '0x0000000071727De22E5E9d8BAf0edAc6f37da032' },
  ])('is refused with $field $value', ({ field, value }) => {
    const other = { ...grant, [field]: value } as SessionGrant
    const make = () => toSessionAccount({ client, grant: other, key, contracts })
    expect(make).toThrow(SessionGrantInvalidError)
    expect(make).toThrow(`${field} ${value}`)
  })
})

describe('encodeSessionCalls', () => {
  const claim = (jobId: bigint) => ({
    to: contracts.marketplace,
    data: encodeFunctionData({ abi: jobMarketplaceAbi, functionName: 'claimJob', args: [jobId] }),
  })
  const encode = (calls: Parameters<typeof encodeSessionCalls>[0]) =>
    encodeSessionCalls(calls, wallet, contracts.marketplace)

  test('a lone claim becomes claimJobViaSessionKey of the wallet', () => {
    expect(decodeFunctionData({ abi: fabstirAccountAbi, data: encode([claim(7n)]) })).toEqual({
      functionName: 'claimJobViaSessionKey',
      args: [wallet, 7n],
    })
  })

  test.each([
    ['two claims', [claim(1n), claim(2n)]],
    ['a claim at another contract', [{ ...claim(1n), to: contracts.registry }]],
    ['a claim with value', [{ ...claim(1n), value: 1n }]],
    ['another call', [{ to: contracts.marketplace, data: '0x12345678' as const }]],
  ])('%s is a batch', (_, calls) => {
    expect(decodeExecute(encode(calls))).toHaveLength(calls.length)
  })
})
