import {
  encodeAbiParameters,
  getAddress,
  keccak256,
  parseAbiParameters,
  stringToHex,
  zeroAddress,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { toModelId } from '../../contracts/modelId.ts'
import { PriceRequiredError, TokenMismatchError } from '../../errors/amount.ts'
import { testContracts as contracts } from '../../testing/addressBook.ts'
import { callsOf, chainWith, logOf, me } from '../../testing/chain.ts'
import { eth, usdc } from '../../units/amounts.ts'
import { delistModel } from './delistModel.ts'
import { findCheapestHost } from './findCheapestHost.ts'
import { getModel } from './getModel.ts'
import { listModel } from './listModel.ts'
import { quoteWork } from './quoteWork.ts'
import { recordDemand } from './recordDemand.ts'
import { recordModelUse } from './recordModelUse.ts'
import { removeOffer } from './removeOffer.ts'
import { setOffer } from './setOffer.ts'
import { updateModel } from './updateModel.ts'

const model = { name: 'llama-70b', version: '3.1' }
const modelId = keccak256(
  encodeAbiParameters(parseAbiParameters('string, string'), ['llama-70b', '3.1']),
)
const usdcToken = getAddress(contracts.usdc)

describe('toModelId', () => {
  test.each([
    ['a listed model', model, modelId],
    ['a name', 'llama-70b', keccak256(stringToHex('llama-70b'))],
    ['an id', modelId, modelId],
    ['an id in capitals', `0x${modelId.slice(2).toUpperCase()}`, modelId],
    ['hex that is no id', '0x1234', keccak256(stringToHex('0x1234'))],
  ])('%s', (_, value, expected) => {
    expect(toModelId(value)).toBe(expected)
  })
})

describe('calls', () => {
  test.each([
    [listModel.call({ ...model, metadata: 'm' }), 'listModel', 'llama-70b', '3.1', 'm'],
    [updateModel.call({ model, metadata: 'm' }), 'updateModel', modelId, 'm'],
    [delistModel.call({ model }), 'delistModel', modelId],
    [
      setOffer.call({ model, pricePer1000: usdc('0.0002'), pricePerMinute: usdc('0.01') }),
      'setPrice',
      modelId,
      usdcToken,
      200n,
      10_000n,
    ],
    [
      setOffer.call({ model, pricePerMinute: eth(1) }),
      'setPrice',
      modelId,
      zeroAddress,
      0n,
      10n ** 18n,
    ],
    [removeOffer.call({ model, token: 'usdc' }), 'removeOffer', modelId, usdcToken, me],
    [recordModelUse.call({ sessionId: 3n }), 'recordSettled', 3n],
  ])('%#: $1', async (call, ...expected) => {
    expect(await callsOf(call)).toEqual([['modelRegistry', ...expected]])
  })

  test('demand is recorded where prices are made', async () => {
    expect(await callsOf(recordDemand.call({ sessionId: 3n }))).toEqual([
      ['dynamicPricing', 'recordSettled', 3n],
    ])
  })

  test('an offer needs a price, and one token', async () => {
    const none = setOffer.call({ model })
    expect(() => none.prepare(chainWith())).toThrow(PriceRequiredError)
    const two = setOffer.call({ model, pricePer1000: usdc(1), pricePerMinute: eth(1) })
    expect(() => two.prepare(chainWith())).toThrow(TokenMismatchError)
  })
})

describe('events', () => {
  const listed = { modelId, publisher: me, ...model, metadata: 'm' }
  const offer = { modelId, token: usdcToken, host: me }
  const prices = { pricePer1000: 1n, pricePerMinute: 2n }
  test.each([
    [listModel, 'modelRegistry', 'ModelListed', listed, listed],
    [
      updateModel,
      'modelRegistry',
      'ModelUpdated',
      { modelId, metadata: 'm' },
      { modelId, metadata: 'm' },
    ],
    [delistModel, 'modelRegistry', 'ModelDelisted', { modelId }, { modelId }],
    [setOffer, 'modelRegistry', 'OfferSet', { ...offer, ...prices }, { ...offer, ...prices }],
    [removeOffer, 'modelRegistry', 'OfferRemoved', offer, offer],
    [
      recordModelUse,
      'modelRegistry',
      'UseRecorded',
      { jobId: 3n, modelId, tokens: 5n },
      { sessionId: 3n, modelId, tokens: 5n },
    ],
    [
      recordDemand,
      'dynamicPricing',
      'DemandRecorded',
      { jobId: 3n, modelId, tokens: 5n, load: 6n },
      { sessionId: 3n, modelId, tokens: 5n, load: 6n },
    ],
  ] as const)('%#: $2', (action, contract, eventName, args, expected) => {
    expect(action.extractEvent([logOf(contract, eventName, args)])).toEqual(expected)
  })

  test('two offers in a batch are told apart by their prices', () => {
    const set = (pricePer1000: bigint) =>
      logOf('modelRegistry', 'OfferSet', { ...offer, pricePer1000, pricePerMinute: 0n })
    const call = setOffer.call({ model, pricePer1000: usdc('0.000002') })
    expect(call.takeEvent([set(1n), set(2n)]).event.pricePer1000).toBe(2n)
  })
})

describe('reads', () => {
  test('a model that was never listed is none', async () => {
    const nobody = {
      publisher: zeroAddress,
      listedAt: 0,
      uses: 0,
      tokens: 0n,
      metadataHash: modelId,
    }
    expect(
      await getModel(chainWith({ modelRegistry: { getModel: nobody } }), { model }),
    ).toBeUndefined()
    const found = { ...nobody, publisher: me }
    expect(await getModel(chainWith({ modelRegistry: { getModel: found } }), { model })).toEqual({
      modelId,
      ...found,
    })
  })

  test('the cheapest host, or none', async () => {
    const cheapest = (host: `0x${string}`) =>
      findCheapestHost(chainWith({ modelRegistry: { cheapestHost: [host, 7n] } }), {
        model,
        token: 'usdc',
      })
    expect(await cheapest(me)).toEqual({ host: me, price: { token: 'usdc', value: 7n } })
    expect(await cheapest(zeroAddress)).toBeUndefined()
  })

  test('a quote is an amount of the token', async () => {
    const chain = chainWith({ modelRegistry: { quote: 24n } })
    const of = { model, host: me, token: 'usdc' } as const
    expect(await quoteWork(chain, { ...of, tokens: 12_000n })).toEqual({
      token: 'usdc',
      value: 24n,
    })
    expect(await quoteWork(chain, { ...of, minutes: 2n })).toEqual({ token: 'usdc', value: 24n })
  })
})
