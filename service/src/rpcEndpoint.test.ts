import { expect, test } from 'vitest'
import { rpcEndpoint } from './rpcEndpoint.ts'

const json = { 'content-type': 'application/json' }
const basic = (login: string) => ({ ...json, authorization: `Basic ${btoa(login)}` })

test.each([
  { url: 'http://node/key?a=b', href: 'http://node/key?a=b', headers: json },
  {
    url: 'https://me:secret@node:8545/key',
    href: 'https://node:8545/key',
    headers: basic('me:secret'),
  },
  { url: 'http://me%40home:s%3Acret@node', href: 'http://node/', headers: basic('me@home:s:cret') },
  { url: 'http://me@node', href: 'http://node/', headers: basic('me:') },
  { url: 'http://:secret@node', href: 'http://node/', headers: basic(':secret') },
])('$url is asked at $href', ({ url, href, headers }) => {
  expect(rpcEndpoint(url)).toEqual({ href, headers })
})
