import { custom, numberToHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { KeySignatureError } from '../errors/key.ts'
import { NodeUnavailableError } from '../errors/transport.ts'
import { testContracts as contracts } from '../testing/addressBook.ts'
import { refuse, sendingScene } from '../testing/sendingScene.ts'

const calls = [{ to: contracts.usdc, data: '0x12345678' as const }]
const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const hanging = () => new Promise(() => undefined)
const caught = (promise: Promise<unknown>) => promise.catch((error: unknown) => error)

describe('each service has the whole time for its answer', () => {
  const timeout = 200

  test('four answers that each take most of it are no outage', async () => {
    const scene = await sendingScene()
    const slowly =
      <answer>(answer: answer) =>
      async () => {
        await later(0.75 * timeout)
        return answer
      }
    const price = { maxFeePerGas: '0x1', maxPriorityFeePerGas: '0x1' }
    const gas = { preVerificationGas: '0x1', verificationGasLimit: '0x1', callGasLimit: '0x1' }
    const bundler = scene.bundler((hash) => hash, {
      pimlico_getUserOperationGasPrice: slowly({ slow: price, standard: price, fast: price }),
      eth_estimateUserOperationGas: slowly({
        ...gas,
        paymasterVerificationGasLimit: '0x1',
        paymasterPostOpGasLimit: '0x1',
      }),
    })
    const sponsorship = { paymaster: contracts.usdc, paymasterData: numberToHex(1) }
    const paymaster = custom({ request: slowly(sponsorship) })
    const client = scene.client(bundler, { timeout, paymaster })
    expect(await client.sender.send(calls)).toMatch(/^0x/)
  })

  test.each(['eth_blockNumber', 'eth_getCode', 'eth_call'])(
    'and a node that does not answer %s has no more',
    async (method) => {
      const scene = await sendingScene()
      const client = scene.client(
        scene.bundler((hash) => hash),
        { timeout },
      )
      scene.overrides[method] = hanging
      const started = performance.now()
      expect(await caught(client.sender.send(calls))).toBeInstanceOf(NodeUnavailableError)
      expect(performance.now() - started).toBeLessThan(2 * timeout)
    },
  )

  test('nor has it for the fees that a bundler does not name', async () => {
    const scene = await sendingScene()
    const client = scene.client(
      scene.bundler((hash) => hash, {
        pimlico_getUserOperationGasPrice: () => refuse('the method does not exist', -32601),
      }),
      { timeout },
    )
    scene.overrides.eth_getBlockByNumber = hanging
    expect(await caught(client.sender.send(calls))).toBeInstanceOf(NodeUnavailableError)
  })

  test('a key that does not sign a delegation is told as such', async () => {
    const scene = await sendingScene()
    const { authorization } = scene.account
    if (!authorization) throw new Error('the account delegates nothing')
    const account = {
      ...scene.account,
      authorization: {
        ...authorization,
        account: { ...authorization.account, signAuthorization: hanging as never },
      },
    }
    scene.overrides.eth_getCode = () => '0x'
    scene.overrides.eth_getTransactionCount = () => '0x0'
    const client = scene.client(
      scene.bundler((hash) => hash),
      { timeout, account },
    )
    scene.overrides.eth_getCode = () => '0x'
    expect(await caught(client.sender.send(calls))).toBeInstanceOf(KeySignatureError)
  })
})
