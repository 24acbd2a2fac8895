import { fabstirAccountFactoryAbi } from '@fabstir/contracts/abi'
import {
  createClient,
  createWalletClient,
  custom,
  decodeFunctionData,
  type EIP1193Provider,
  encodeFunctionResult,
  type Hex,
  http,
  recoverTypedDataAddress,
  size,
  slice,
} from 'viem'
import { getUserOperationTypedData } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { foundry, mainnet } from 'viem/chains'
import { describe, expect, test } from 'vitest'
import { ContractsNotFoundError, NonceLanesError } from '../../errors/configuration.ts'
import { testContracts as contracts } from '../../testing/addressBook.ts'
import { toFabstirAccount } from './toFabstirAccount.ts'

const owner = privateKeyToAccount(generatePrivateKey())
const address = '0x3300000000000000000000000000000000000033'

/** A chain where every account has one address, no code, and nonces that tell the key they are asked for. */
const asked: { to: string; data: Hex }[] = []
const client = createClient({
  chain: foundry,
  transport: custom({
    async request({ method, params }: { method: string; params: [{ to: string; data: Hex }] }) {
      if (method !== 'eth_call') return '0x'
      asked.push(params[0])
      const isNonce = params[0].data.startsWith('0x35567e1a')
      return isNonce
        ? slice(params[0].data, 36)
        : encodeFunctionResult({
            abi: fabstirAccountFactoryAbi,
            functionName: 'getAddress',
            result: address,
          })
    },
  }),
})
const options = { client, owner, contracts }
const operation = {
  nonce: 0n,
  callData: '0x',
  callGasLimit: 1n,
  verificationGasLimit: 1n,
  preVerificationGas: 1n,
  maxFeePerGas: 1n,
  maxPriorityFeePerGas: 1n,
  signature: '0x',
} as const

describe('toFabstirAccount', () => {
  test.each(['0.8', '0.9'] as const)(
    'on %s takes the address from the factory of that EntryPoint',
    async (entryPoint) => {
      const account = await toFabstirAccount({ ...options, entryPoint, salt: 5n })
      const deployment = contracts.deployments.find((d) => d.entryPointVersion === entryPoint)
      expect(account.entryPoint.version).toBe(entryPoint)
      expect(asked.at(-1)?.to).toBe(deployment?.accountFactory)
      const { factory, factoryData = '0x' } = await account.getFactoryArgs()
      expect(factory).toBe(deployment?.accountFactory)
      expect(decodeFunctionData({ abi: fabstirAccountFactoryAbi, data: factoryData })).toEqual({
        functionName: 'createAccount',
        args: [owner.address.toLowerCase(), 5n],
      })
    },
  )

  test('an operation is signed by the owner, and its stub is as long', async () => {
    const account = await toFabstirAccount(options)
    const signature = await account.signUserOperation(operation)
    const signer = await recoverTypedDataAddress({
      ...getUserOperationTypedData({
        chainId: foundry.id,
        entryPointAddress: account.entryPoint.address,
        userOperation: { ...operation, sender: address },
      }),
      signature: slice(signature, 1),
    })
    expect([slice(signature, 0, 1), signer]).toEqual(['0x00', owner.address])
    expect(size(await account.getStubSignature())).toBe(size(signature))
  })

  test('wallet clients and providers sign like the key behind them', async () => {
    const provider = {
      async request({ method, params }: { method: string; params?: [string, string] }) {
        if (method === 'eth_signTypedData_v4')
          return owner.signTypedData(JSON.parse(params?.[1] ?? ''))
        if (method === 'eth_requestAccounts') return [owner.address]
        throw new Error(`unexpected ${method}`)
      },
    }
    const withKey = createWalletClient({ account: owner, transport: http('http://nowhere.test') })
    const inWallet = createWalletClient({ account: owner.address, transport: custom(provider) })
    const expected = await (await toFabstirAccount(options)).signUserOperation(operation)
    for (const other of [withKey, inWallet, provider as unknown as EIP1193Provider]) {
      const account = await toFabstirAccount({ ...options, owner: other })
      expect(await account.signUserOperation(operation)).toBe(expected)
    }
  })

  test('asks for the nonce of lane 0 of the owner unless told another key', async () => {
    const account = await toFabstirAccount(options)
    expect(await account.getNonce()).toBe(0n)
    expect(await account.getNonce({ key: account.nonceKey(3) })).toBe(3n << 160n)
  })

  test.each([0, -1, 1.5, 2 ** 24 + 1])('%d nonce lanes are refused', async (nonceLanes) => {
    await expect(toFabstirAccount({ ...options, nonceLanes })).rejects.toThrow(NonceLanesError)
  })

  test('a chain without known contracts is refused', async () => {
    const unknown = createClient({ chain: mainnet, transport: http('http://x') })
    await expect(toFabstirAccount({ client: unknown, owner })).rejects.toThrow(
      ContractsNotFoundError,
    )
  })
})
