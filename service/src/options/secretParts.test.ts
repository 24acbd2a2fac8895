import { expect, test } from 'vitest'
import { secretPartsOf } from './secretParts.ts'

test('of a URL what a key can hide in, but not where it leads', () => {
  const url = 'https://someuser:hunter%2122@node.example/v2/abcdefgh1234?token=qwertzuiop'
  const parts = secretPartsOf(new URL(url))
  for (const part of ['someuser', 'hunter!22', 'hunter%2122', 'abcdefgh1234', 'qwertzuiop'])
    expect(parts).toContain(part)
  expect(parts.filter((part) => 'https://node.example/'.includes(part))).toEqual([])
})

test.each(['http://127.0.0.1:8545', 'https://node.example/v1/rpc'])(
  'words of a path are no secrets: %s',
  (url) => {
    const words = secretPartsOf(new URL(url)).filter((part) => !part.startsWith('/'))
    expect(words).toEqual([])
  },
)

test('a percent sign that means nothing is left as it stands', () => {
  expect(secretPartsOf(new URL('https://node.example/%zz-and-more'))).toContain('%zz-and-more')
})
