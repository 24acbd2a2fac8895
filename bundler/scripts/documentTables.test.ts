import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withTables } from '@fabstir/service/documents'
import { expect, test } from 'vitest'
import { debugMethods } from '../src/rpc/methods/debug.ts'
import { ethMethods } from '../src/rpc/methods/eth.ts'
import { ownMethods } from '../src/rpc/methods/own.ts'
import { pimlicoMethods } from '../src/rpc/methods/pimlico.ts'
import { subscriptionMethods } from '../src/rpc/methods/subscriptions.ts'
import { rpcErrorCode } from '../src/types/rpcError.ts'
import { tables } from './documentTables.ts'

const document = readFileSync(join(import.meta.dirname, '../../docs/bundler.md'), 'utf8')

test('docs/bundler.md has the options and metrics that there are; `pnpm bundler:docs` renews it', () => {
  expect(withTables(document, tables)).toBe(document)
})

test('docs/bundler.md names every method and every error code', () => {
  const unused = new Proxy({}, { get: () => undefined })
  const methods = [
    ...[ethMethods, pimlicoMethods, ownMethods],
    ...[subscriptionMethods, debugMethods],
  ].flatMap((methodsOf) => Object.keys((methodsOf as (deps: object) => object)(unused)))
  expect(methods.length).toBeGreaterThan(15)
  expect(methods.filter((name) => !document.includes(`\`${name}\``))).toEqual([])
  const codes = Object.values(rpcErrorCode).map(String)
  expect(codes.filter((code) => !document.includes(`| ${code} |`))).toEqual([])
})
