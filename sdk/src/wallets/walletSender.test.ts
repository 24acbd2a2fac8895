import { createClient, custom, type Hash, type Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import { FabstirError } from '../errors/base.ts'
import {
  WalletAnswerError,
  WalletCallsFailedError,
  WalletChainNotSupportedError,
  WalletNotAtomicError,
  WalletNotSponsoredError,
  WalletTimeoutError,
  WalletUnansweredError,
} from '../errors/wallet.ts'
import { testContracts as contracts } from '../testing/addressBook.ts'
import { type WalletPaymasterService, walletSender } from './walletSender.ts'

const account = '0x1100000000000000000000000000000000000011'
const call = { to: account } as const
const chain: Hex = `0x${contracts.chainId.toString(16)}`
const receipt = {
  logs: [],
  status: '0x1',
  blockHash: '0x',
  blockNumber: '0x1',
  gasUsed: '0x1',
  transactionHash: '0xaa',
}

type Answer = (params: readonly unknown[], count: number) => unknown
const refuse =
  (code: number): Answer =>
  () => {
    throw Object.assign(new Error('refused'), { code })
  }

/** A wallet that answers these; each question is counted. */
function senderOf(
  answers: Readonly<Record<string, Answer>>,
  {
    paymasterService,
    timeout = 20_000,
  }: { paymasterService?: WalletPaymasterService; timeout?: number } = {},
) {
  const asked: { method: string; params: readonly unknown[] }[] = []
  const wallet = createClient({
    transport: custom(
      {
        async request({ method, params = [] }: { method: string; params?: readonly unknown[] }) {
          asked.push({ method, params })
          const count = asked.filter((each) => each.method === method).length
          const answer = answers[method] ?? refuse(-32_601)
          return answer(params, count)
        },
      },
      { retryCount: 0 },
    ),
  })
  const wait = { pollingInterval: 1, timeout }
  return { asked, ...walletSender({ wallet, account, contracts, paymasterService, wait }) }
}
const sending = (answers: Readonly<Record<string, Answer>> = {}) => ({
  wallet_sendCalls: () => ({ id: '0x01' }),
  ...answers,
})
const capabilities = (value: object, id: Hex = chain): Record<string, Answer> => ({
  wallet_getCapabilities: () => ({ [id]: value }),
})

describe('send', () => {
  test('one call needs no capabilities, and may be done by itself', async () => {
    const { asked, send } = senderOf(sending())
    expect(await send([call])).toBe('0x01')
    expect(asked).toHaveLength(1)
    expect(asked[0]?.params).toMatchObject([
      { version: '2.0.0', chainId: chain, from: account, atomicRequired: false, capabilities: {} },
    ])
  })

  test.each([
    { name: 'supported', value: { atomic: { status: 'supported' } } },
    { name: 'ready', value: { atomic: { status: 'ready' } } },
    { name: 'of the draft', value: { atomicBatch: { supported: true } } },
    { name: 'on every chain', value: { atomic: { status: 'supported' } }, id: '0x0' as const },
    {
      name: 'with zeros before it',
      value: { atomic: { status: 'ready' } },
      id: `0x0${chain.slice(2)}` as const,
    },
  ])('several calls are one where that is $name', async ({ value, id }) => {
    const { asked, send } = senderOf(sending(capabilities(value, id)))
    await send([call, call])
    expect(asked.at(-1)?.params).toMatchObject([{ atomicRequired: true }])
  })

  test.each([
    { name: 'unsupported', value: { atomic: { status: 'unsupported' } } },
    {
      name: 'unsupported, whatever the draft says',
      value: { atomic: { status: 'unsupported' }, atomicBatch: { supported: true } },
    },
    { name: 'not there', value: {} },
    {
      name: 'there for another chain',
      value: { atomic: { status: 'supported' } },
      id: '0xa' as const,
    },
    { name: 'no word that is known', value: { atomic: { status: 'SUPPORTED' } } },
    { name: 'nothing', value: null },
  ])('several calls are refused where `atomic` is $name', async ({ value, id }) => {
    const { asked, send } = senderOf(sending(capabilities(value as object, id)))
    await expect(send([call, call])).rejects.toThrow(WalletNotAtomicError)
    expect(asked.map(({ method }) => method)).toEqual(['wallet_getCapabilities'])
  })

  test('the paymaster service goes along where the wallet takes it', async () => {
    const service = { url: 'https://sponsor.example', context: { policyId: 'a' } }
    const takes = senderOf(sending(capabilities({ paymasterService: { supported: true } })), {
      paymasterService: service,
    })
    await takes.send([call])
    expect(takes.asked.at(-1)?.params).toMatchObject([
      { capabilities: { paymasterService: service } },
    ])
    await expect(senderOf(sending(), { paymasterService: service }).send([call])).rejects.toThrow(
      WalletNotSponsoredError,
    )
    const optional = senderOf(sending(), { paymasterService: { ...service, optional: true } })
    await optional.send([call])
    expect(optional.asked.at(-1)?.params).toMatchObject([{ capabilities: {} }])
  })

  test.each([
    { code: 5700, type: WalletNotSponsoredError },
    { code: 5710, type: WalletChainNotSupportedError },
    { code: 4902, type: WalletChainNotSupportedError },
    { code: 5750, type: WalletNotAtomicError },
    { code: 5760, type: WalletNotAtomicError },
  ])('the refusal $code has a type', async ({ code, type }) => {
    const { asked, send } = senderOf({ wallet_sendCalls: refuse(code) })
    await expect(send([call])).rejects.toThrow(type)
    expect(asked).toHaveLength(1)
  })

  test.each([{ answer: '0x02' }, { answer: { id: '0x02' } }])(
    'takes the id of $answer',
    async ({ answer }) => {
      expect(await senderOf({ wallet_sendCalls: () => answer }).send([call])).toBe('0x02')
    },
  )

  test.each([null, {}, { id: 7 }, ''])('the answer %j makes no sense', async (answer) => {
    await expect(senderOf({ wallet_sendCalls: () => answer }).send([call])).rejects.toThrow(
      WalletAnswerError,
    )
  })

  test('is not done again, but asked after, when the answer is lost', async () => {
    const lose: Answer = () => {
      throw new Error('lost')
    }
    const known = senderOf({
      wallet_sendCalls: lose,
      wallet_getCallsStatus: () => ({ status: 100 }),
    })
    const id = await known.send([call])
    expect(known.asked.map(({ method }) => method)).toEqual([
      'wallet_sendCalls',
      'wallet_getCallsStatus',
    ])
    expect(known.asked[0]?.params).toMatchObject([{ id }])
    const unknown = senderOf({ wallet_sendCalls: lose, wallet_getCallsStatus: refuse(5730) })
    await expect(unknown.send([call])).rejects.toThrow('lost')
  })

  /** Whether a wallet that fails with this code is asked what it knows, and what the app is told. */
  const failWith = async (code: number, status: Answer) => {
    const { asked, send } = senderOf({
      wallet_sendCalls: refuse(code),
      wallet_getCallsStatus: status,
    })
    const told: unknown = await send([call]).catch((error: unknown) => error)
    const [, question] = asked
    return { told, isAsked: question?.method === 'wallet_getCallsStatus', asked }
  }

  test.each([4001, 4100, 4200, 4902, 5700, 5710, 5740, 5750, 5760, -32_601, -32_602])(
    'a refusal by a code of the standards is final: %i',
    async (code) => {
      const { told, isAsked } = await failWith(code, () => ({ status: 100 }))
      expect(told).toBeInstanceOf(FabstirError)
      expect(isAsked).toBe(false)
    },
  )

  test.each([-32_603, -32_000, -32_500, 5720, 3, 0])(
    'any other failure may have come after the sending: after %i the wallet is asked',
    async (code) => {
      const known = await failWith(code, () => ({ status: 100 }))
      expect(known.asked[0]?.params).toMatchObject([{ id: known.told }])
      const unknown = await failWith(code, refuse(5730))
      expect(unknown.isAsked).toBe(true)
      expect(unknown.told).toBeInstanceOf(Error)
      expect(unknown.told).not.toBeInstanceOf(WalletUnansweredError)
    },
  )

  test.each<{ name: string; status: Answer }>([
    { name: 'knows no such question', status: refuse(-32_601) },
    { name: 'does not answer it', status: refuse(-32_603) },
    { name: 'answers for another chain', status: () => ({ status: 100, chainId: '0x1' }) },
    { name: 'answers for other calls', status: () => ({ status: 100, id: '0x02' }) },
  ])(
    'a wallet that failed and $name leaves the calls open, with their name',
    async ({ status }) => {
      const { told, asked } = await failWith(-32_603, status)
      expect(told).toBeInstanceOf(WalletUnansweredError)
      expect(told).toMatchObject({ cause: { code: -32_603 } })
      expect(asked[0]?.params).toMatchObject([{ id: (told as WalletUnansweredError).callsId }])
    },
  )
})

describe('confirm', () => {
  const confirm = (status: Answer) =>
    senderOf({ wallet_getCallsStatus: status }).confirm('0x01' as Hash)

  test('asks until the calls are final, also over questions without an answer', async () => {
    const confirmed = await confirm((_, count) => {
      if (count === 1) throw new Error('away')
      return count < 4 ? { status: 100 } : { status: 200, receipts: [receipt] }
    })
    expect(confirmed).toEqual({ logs: [], callsId: '0x01', transactionHash: '0xaa' })
  })

  test.each([400, 500, 600])('fails with status %i', async (status) => {
    await expect(confirm(() => ({ status, receipts: [] }))).rejects.toMatchObject({
      name: 'WalletCallsFailedError',
      status,
    })
  })

  test('believes a transaction that reverted more than a status that says otherwise', async () => {
    const reverted = () => ({ status: 200, receipts: [{ ...receipt, status: '0x0' }] })
    await expect(confirm(reverted)).rejects.toMatchObject({
      name: 'WalletCallsFailedError',
      status: 500,
    })
  })

  test('a wallet that forgot the calls ends the waiting', async () => {
    const forgotten = confirm(refuse(5730))
    await expect(forgotten).rejects.toThrow(WalletCallsFailedError)
    await expect(forgotten).rejects.toMatchObject({ status: 5730, callsId: '0x01' })
  })

  test('ends when its time is over, also for a wallet that never answers', async () => {
    for (const answer of [() => ({ status: 100 }), () => new Promise(() => undefined)])
      await expect(
        senderOf({ wallet_getCallsStatus: answer }, { timeout: 5 }).confirm('0x01'),
      ).rejects.toThrow(WalletTimeoutError)
  })

  test('is asked again as long as the wallet is locked', async () => {
    const confirmed = await confirm((params, count) => {
      if (count < 3) return refuse(4100)(params, count)
      return { status: 200, receipts: [receipt] }
    })
    expect(confirmed).toMatchObject({ transactionHash: '0xaa' })
  })

  test.each([
    { status: 7 },
    { status: 200, receipts: [] },
    { status: 200 },
    { status: 200, receipts: [receipt], chainId: '0x1' },
    { status: 400, id: '0x02' },
  ])('the status %j makes no sense', async (status) => {
    await expect(confirm(() => status)).rejects.toThrow(WalletAnswerError)
  })
})
