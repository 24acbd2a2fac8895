import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Address } from 'viem'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testPolicy } from '../testing/fixtures.ts'
import { helpText } from './help.ts'
import { loadConfig } from './load.ts'
import { resolvePolicies, resolveTokenPaymasters } from './resolve.ts'
import { ConfigError } from './schema.ts'

const entryPoint = '0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108'
const complete = {
  rpcUrl: 'http://127.0.0.1:8545',
  chainId: 31_337,
  paymasters: { [entryPoint]: '0x9999999999999999999999999999999999999999' },
  apps: [{ name: 'app', apiKey: 'a-key-of-an-app-for-tests', policies: ['marketplace'] }],
  policies: [testPolicy()],
}
const signerKey = `0x${'11'.repeat(32)}`

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fabstir-config-'))
  file = join(folder, 'paymaster.json')
  write(complete)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const write = (config: unknown) => writeFileSync(file, JSON.stringify(config))
const load = (args: string[] = [], environment: Record<string, string> = {}) => {
  const loaded = loadConfig(['--config', file, ...args], {
    FABSTIR_PAYMASTER_SIGNER_KEY: signerKey,
    ...environment,
  })
  if (loaded.help) throw new Error('help was asked for')
  return loaded.config
}

describe('loadConfig', () => {
  test('flags come before the environment, that before the file, that before defaults', () => {
    expect(load().port).toBe(4_338)
    write({ ...complete, port: 1 })
    expect(load().port).toBe(1)
    expect(load([], { FABSTIR_PAYMASTER_PORT: '2' }).port).toBe(2)
    expect(load(['--port', '3'], { FABSTIR_PAYMASTER_PORT: '2' }).port).toBe(3)
  })

  test('structures are JSON in the environment', () => {
    const apps = [{ name: 'b', apiKeyHash: 'ab'.repeat(32), policies: ['marketplace'] }]
    expect(load([], { FABSTIR_PAYMASTER_APPS: JSON.stringify(apps) }).apps).toEqual(apps)
    expect(() => load([], { FABSTIR_PAYMASTER_APPS: '[' })).toThrow(
      'FABSTIR_PAYMASTER_APPS: expected JSON',
    )
  })

  test('a window of 3,540 seconds is the longest', () => {
    expect(load(['--window-seconds', '3540']).windowSeconds).toBe(3_540)
    expect(() => load(['--window-seconds', '3541'])).toThrow('windowSeconds')
  })

  test.each([
    { args: ['--port', '65536'], message: 'port' },
    { args: ['--port', 'x'], message: 'port' },
    { args: ['--store', 'postgres:x'], message: 'store: expected memory, sqlite:PATH or postgres' },
    { args: ['--store', 'postgres://host'], message: 'store: expected' },
    { args: ['--rpc-url', 'ftp://x'], message: 'rpcUrl' },
    { args: ['--signer-key', signerKey], message: '--signer-key' },
    { args: ['--will-sponsor-secrets', '{}'], message: '--will-sponsor-secrets' },
    { args: ['--nothing'], message: '--nothing' },
    { args: ['--paymasters', '{}'], message: 'paymasters: expected at least one EntryPoint' },
  ])('$args is refused with a message about it', ({ args, message }) => {
    expect(() => load(args)).toThrow(ConfigError)
    expect(() => load(args)).toThrow(message)
  })

  test('an app has a key or its hash, not both', () => {
    const both = { ...complete.apps[0], apiKeyHash: 'ab'.repeat(32) }
    write({ ...complete, apps: [both] })
    expect(() => load()).toThrow('apps.0: expected one of apiKey and apiKeyHash')
  })

  test('a policy with a webhook needs a secret, which stands in the environment', () => {
    const policy = testPolicy({ willSponsor: { url: 'https://app.example/may-i' } })
    write({ ...complete, policies: [policy] })
    expect(() => resolvePolicies(load())).toThrow(
      'policies.0.willSponsor: no secret is configured for policy marketplace: give it one in willSponsorSecrets',
    )
    const secrets = (secret: string) => ({
      FABSTIR_PAYMASTER_WILL_SPONSOR_SECRETS: JSON.stringify({ marketplace: secret }),
    })
    expect(resolvePolicies(load([], secrets('s'.repeat(32)))).size).toBe(1)
    expect(() =>
      resolvePolicies({ ...load(), policies: [{ ...policy, id: 'constructor' }] }),
    ).toThrow('for policy constructor')
    expect(() => load([], secrets('short'))).toThrow(
      'willSponsorSecrets.marketplace: expected at least 32 characters',
    )
  })

  test.each([
    {
      changes: { caps: { global: { usd: '5', window: 'day' } } },
      message: 'policies.0.caps: policy marketplace has caps in USD and there is no price of ether',
      mend: { etherPriceUsd: '2500' },
    },
    {
      changes: { willSponsor: { url: 'https://127.0.0.1/may-i' } },
      message: 'policies.0.willSponsor.url: 127.0.0.1 is not an address of the public internet',
      mend: { allowPrivateWebhooks: true },
    },
    {
      changes: { unusedGas: { maxPercent: 50 } },
      message: 'policies.0.unusedGas: nothing estimates what operations need',
      mend: { bundlerUrl: 'http://127.0.0.1:4337' },
    },
  ])('a policy that needs what there is not: $message', ({ changes, message, mend }) => {
    const secrets = {
      FABSTIR_PAYMASTER_WILL_SPONSOR_SECRETS: JSON.stringify({ marketplace: 's'.repeat(32) }),
    }
    const policies = [{ ...testPolicy(), ...changes }]
    write({ ...complete, policies })
    expect(() => resolvePolicies(load([], secrets))).toThrow(message)
    write({ ...complete, policies, ...mend })
    expect(resolvePolicies(load([], secrets)).size).toBe(1)
  })

  test('help lists every option and shows no flag for secrets', () => {
    expect(loadConfig(['--help'], {})).toEqual({ help: true })
    expect(helpText()).toContain('--window-seconds')
    expect(helpText()).toContain('(default 4338)')
    expect(helpText()).not.toContain('--signer-key')
  })
})

test('a TokenPaymaster of EntryPoint 0.7 is refused: it would pay the penalty for gas that was not used', () => {
  const paymaster = '0x9999999999999999999999999999999999999999'
  const resolve = (address: Address) =>
    resolveTokenPaymasters({
      tokenPaymasters: { [address]: paymaster },
      paymentTokens: [{ address: paymaster }],
    })
  expect(resolve(entryPoint)).toMatchObject([{ paymaster }])
  expect(() => resolve('0x0000000071727De22E5E9d8BAf0edAc6f37da032')).toThrow(
    'EntryPoint 0.7 adds its penalty for unused gas after postOp',
  )
})
