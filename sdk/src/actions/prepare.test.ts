import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import {
  createClient,
  custom,
  decodeFunctionData,
  encodeFunctionResult,
  erc20Abi,
  type Hex,
  numberToHex,
  zeroAddress,
} from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { describe, expect, test } from 'vitest'
import { InsufficientBalanceError, TokenMismatchError } from '../errors/amount.ts'
import { VoucherMismatchError } from '../errors/voucher.ts'
import { testContracts as contracts } from '../testing/addressBook.ts'
import { eth, usdc } from '../units/amounts.ts'
import { assertBalances } from './assertBalances.ts'
import { checkpoint } from './marketplace/checkpoint.ts'
import { openSession } from './marketplace/openSession.ts'
import { postJob } from './marketplace/postJob.ts'
import { settleSession } from './marketplace/settleSession.ts'
import type { PrepareClient } from './preparedCalls.ts'

/** A chain on which the account holds so much ETH and so much of every token. */
function chainWith({ eth = 0n, token = 0n }: { eth?: bigint; token?: bigint } = {}): PrepareClient {
  const client = createClient({
    transport: custom({
      async request({ method }: { method: string }) {
        if (method === 'eth_getBalance') return numberToHex(eth)
        return encodeFunctionResult({ abi: erc20Abi, functionName: 'balanceOf', result: token })
      },
    }),
  })
  const account = { address: '0x1100000000000000000000000000000000000011' } as SmartAccount
  return { client, contracts, account }
}
const functionsOf = (calls: readonly { data?: Hex | undefined }[]) =>
  calls.map(({ data = '0x' }) =>
    decodeFunctionData({ abi: [...jobMarketplaceAbi, ...erc20Abi], data }),
  )

const host = '0x2200000000000000000000000000000000000022'
const terms = { host, checkpointInterval: 500n, coSigner: host } as const

describe('openSession', () => {
  test('in USDC: approves exactly the deposit, then opens', async () => {
    const call = openSession.call({ ...terms, deposit: usdc(5), pricePer1000: usdc('0.0002') })
    const { calls, spends } = await call.prepare(chainWith())
    const [approve, create] = functionsOf(calls)
    expect(calls.map(({ to }) => to)).toEqual([contracts.usdc, contracts.marketplace])
    expect(approve).toEqual({ functionName: 'approve', args: [contracts.marketplace, 5_000_000n] })
    expect(create).toMatchObject({
      functionName: 'createSession',
      args: [{ host, deposit: 5_000_000n, pricePer1000: 200n, maxDuration: 86_400n }],
    })
    expect(spends).toEqual([{ token: contracts.usdc, amount: 5_000_000n }])
  })

  test('in ETH: one call with the deposit as its value', async () => {
    const call = openSession.call({ ...terms, deposit: eth(1), pricePer1000: eth('0.001') })
    const { calls } = await call.prepare(chainWith())
    expect(calls.map(({ to, value }) => [to, value])).toEqual([[contracts.marketplace, 10n ** 18n]])
  })

  test('a price in another token than the deposit is refused', () => {
    const call = openSession.call({ ...terms, deposit: usdc(5), pricePer1000: eth(1) })
    expect(() => call.prepare(chainWith())).toThrow(TokenMismatchError)
  })
})

describe('postJob', () => {
  test('in ETH it is postJob with the payment as its value, in a token approve and postJobWithToken', async () => {
    const job = { model: 'm', prompt: 'p' }
    const inEth = await postJob.call({ ...job, payment: eth(1) }).prepare(chainWith())
    const inUsdc = await postJob.call({ ...job, payment: usdc(1) }).prepare(chainWith())
    expect(functionsOf(inEth.calls).map(({ functionName }) => functionName)).toEqual(['postJob'])
    expect(functionsOf(inUsdc.calls).map(({ functionName }) => functionName)).toEqual([
      'approve',
      'postJobWithToken',
    ])
  })

  test('temperature goes in thousandths', async () => {
    const call = postJob.call({ model: 'm', prompt: 'p', payment: eth(1), temperature: 1.1 })
    const [post] = functionsOf((await call.prepare(chainWith())).calls)
    expect(post?.args?.[0]).toMatchObject({ temperature: 1100n })
  })
})

describe('vouchers', () => {
  const voucher = {
    sessionId: 1n,
    cumulativeTokens: 1200n,
    transcriptHash: `0x${'00'.repeat(32)}`,
    signature: '0x00',
  } as const

  test.each([{ sessionId: 2n }, { cumulativeTokens: 1201n }])(
    'a checkpoint that names %o refuses another voucher',
    (expected) => {
      const call = checkpoint.call({ voucher, ...expected })
      expect(() => call.prepare(chainWith())).toThrow(VoucherMismatchError)
    },
  )

  test('settling takes the voucher along, or what is proven', async () => {
    const functions = async (call: ReturnType<typeof settleSession.call>) =>
      functionsOf((await call.prepare(chainWith())).calls).map(({ functionName }) => functionName)
    expect(await functions(settleSession.call({ sessionId: 1n, voucher }))).toEqual([
      'settleSessionWithVoucher',
    ])
    expect(await functions(settleSession.call({ sessionId: 1n }))).toEqual(['settleSession'])
  })
})

describe('assertBalances', () => {
  const spend = (token: Hex, amount: bigint) => ({ calls: [], spends: [{ token, amount }] })

  test('adds up what a batch takes of one token', async () => {
    const batch = [spend(contracts.usdc, 3_000_000n), spend(contracts.usdc, 2_000_001n)]
    await expect(assertBalances(chainWith({ token: 5_000_001n }), batch)).resolves.toBeUndefined()
    const refused = assertBalances(chainWith({ token: 5_000_000n }), batch)
    await expect(refused).rejects.toBeInstanceOf(InsufficientBalanceError)
    await expect(refused).rejects.toMatchObject({
      token: 'usdc',
      required: 5_000_001n,
      available: 5_000_000n,
      shortMessage: expect.stringContaining('holds 5 usdc, but 5.000001 are needed'),
    })
  })

  test('looks at ETH for what goes as value', async () => {
    await expect(
      assertBalances(chainWith({ eth: 1n }), [spend(zeroAddress, 2n)]),
    ).rejects.toMatchObject({ token: 'eth', required: 2n, available: 1n })
  })
})
