import { InvalidParamsRpcError } from 'viem'
import { describe, expect, test } from 'vitest'
import { readTypedData } from './readTypedData.ts'

const person = { name: 'Ann', wallets: ['0x1100000000000000000000000000000000000011'] }
const typedData = {
  domain: { name: 'Mail', chainId: 1 },
  types: {
    Mail: [
      { name: 'from', type: 'Person' },
      { name: 'to', type: 'Person[2][]' },
      { name: 'text', type: 'string' },
    ],
    Person: [
      { name: 'name', type: 'string' },
      { name: 'wallets', type: 'address[]' },
    ],
  },
  primaryType: 'Mail',
  message: { from: person, to: [[person, person]], text: 'hello' },
}
const read = (data: unknown) => () => readTypedData(data, 'data')

test('is read from JSON with nothing else, also behind a byte order mark', () => {
  const text = JSON.stringify({ ...typedData, summary: 'free of charge' })
  expect(readTypedData(`\uFEFF${text}`, 'data')).toEqual({
    ...typedData,
    domain: { name: 'Mail', chainId: 1n },
  })
  expect(read(`x${JSON.stringify(typedData)}`)).toThrow('data is no JSON')
})

describe('what would be shown and not signed is refused:', () => {
  const { from, to, text } = typedData.message
  const paid = { ...person, price: '0' }
  test.each([
    ['data.message.price', { message: { from, to, text, price: '0' } }],
    ['data.message.from.price', { message: { from: paid, to, text } }],
    ['data.message.to[0][1].price', { message: { from, to: [[person, paid]], text } }],
    ['data.message.__proto__', { message: JSON.parse('{"__proto__":{"text":"hello"}}') }],
    ['data.domain.origin', { domain: { name: 'Mail', origin: 'https://bank.example' } }],
    ['data.domain.version', { domain: { name: 'Mail', version: '' } }],
    ['data.domain.name', { domain: { name: 7 } }],
    ['data.message.text is no text', { message: { from, to, text: { pays: 'nothing' } } }],
    ['data.message.to[0] is no list', { message: { from, to: [person], text } }],
    ['data.message.from is no object', { message: { from: 'Ann', to, text } }],
    ['data.primaryType is the type of the domain', { primaryType: 'EIP712Domain' }],
  ])('%s', (field, more) => {
    expect(read({ ...typedData, ...more })).toThrow(InvalidParamsRpcError)
    expect(read({ ...typedData, ...more })).toThrow(field)
  })
})

test.each([
  ['data.types.Mail is no list', { Mail: 'text' }],
  ['data.types.Mail[0] is no object', { Mail: ['text'] }],
  ['data.types.Mail[0].type is no text', { Mail: [{ name: 'text' }] }],
])('types that are none are refused: %s', (problem, types) => {
  expect(read({ ...typedData, types })).toThrow(problem)
})

test('a key without a value is as good as none', () => {
  const { domain } = readTypedData(
    { ...typedData, domain: { name: 'Mail', verifyingContract: undefined } },
    'data',
  )
  expect(domain).toMatchObject({ name: 'Mail' })
})
