import * as abis from '@fabstir/contracts/abi'
import {
  type Abi,
  parseAbi as parseByViem,
  parseAbiParameters as parseParametersByViem,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { parseAbi, parseAbiParameters } from './parseAbi.ts'

type Parameter = { type: string; name?: string; indexed?: boolean; components?: Parameter[] }

const parameterText = ({ type, name, indexed, components }: Parameter): string => {
  const written = components ? type.replace('tuple', () => `(${listText(components)})`) : type
  return [written, indexed && 'indexed', name].filter(Boolean).join(' ')
}
const listText = (parameters: readonly Parameter[]) => parameters.map(parameterText).join(', ')

function signatures(abi: Abi): string[] {
  return abi.flatMap((item) => {
    if (item.type !== 'function' && item.type !== 'event' && item.type !== 'error') return []
    const head = `${item.type} ${item.name}(${listText(item.inputs as Parameter[])})`
    if (item.type !== 'function') return [head]
    const mutability = item.stateMutability === 'nonpayable' ? '' : ` ${item.stateMutability}`
    const outputs = listText(item.outputs as Parameter[])
    return [`${head}${mutability}${outputs && ` returns (${outputs})`}`]
  })
}

test.each(Object.entries(abis))('%s is parsed as viem parses it', (_, abi) => {
  const texts = signatures(abi)
  expect(texts.length).toBeGreaterThan(0)
  expect(parseAbi(texts)).toEqual(parseByViem(texts))
})

describe('by hand', () => {
  test.each([
    'function f()',
    'function f(((uint256 a, bytes[] b)[2] c, string d)[] e, uint8[3][] f) payable returns ((bool x) y, address)',
    'event E((address indexed_, uint256 b) indexed c, bytes32[] indexed, int128 d)',
    'error returns(uint256)',
  ])('%s', (text) => {
    expect(parseAbi([text] as readonly string[])).toEqual(parseByViem([text]))
  })

  test.each(['uint256', 'bytes32 r, (address to, bytes data)[] calls, bool'])('(%s)', (text) => {
    expect(parseAbiParameters(text as string)).toEqual(parseParametersByViem(text))
  })

  test('types are inferred from the text', () => {
    const [{ name, inputs }] = parseAbi(['function f(uint256 a)'])
    expect<['f', 'a']>([name, inputs[0].name]).toEqual(['f', 'a'])
    const [{ components }] = parseAbiParameters('(address to)[] calls')
    expect<'to'>(components[0].name).toBe('to')
  })
})
