import { loggedText } from '@fabstir/service/testing'
import { describe, expect, test } from 'vitest'
import { newAdminKey } from '../admin/credentials.ts'
import { parseConfig } from '../config/schema.ts'
import { secretsOf } from '../config/secrets.ts'
import { webhookSecret } from '../webhooks/webhookSignature.ts'
import { createLogger } from './logger.ts'

function loggedWith(secrets: string[], write: (log: ReturnType<typeof createLogger>) => void) {
  return loggedText((destination) => write(createLogger({ level: 'debug', secrets, destination })))
}

describe('createLogger', () => {
  test('hides a key of an app that nobody told it is one', () => {
    const text = loggedWith([], (log) => log.info('key fpk_0123456789abcdef_Zm9vYmFy-_'))
    expect(JSON.parse(text)).toMatchObject({
      ...{ name: 'paymaster', msg: 'key fpk_0123456789abcdef_[secret]' },
    })
  })

  test('hides keys of administrators and secrets of webhooks, of which the options have hashes at most', () => {
    const { key } = newAdminKey((size) => new Uint8Array(size).fill(7))
    const secret = webhookSecret('a-key-that-secrets-are-made-from', 'wh_1')
    const text = loggedWith([], (log) => log.info({ url: `/x?${key}` }, `${key} ${secret}.`))
    expect(JSON.parse(text)).toMatchObject({
      ...{ url: '/x?fpa_[secret]', msg: 'fpa_[secret] whsec_[secret].' },
    })
  })

  test('no secret of the options is shown, in whatever way a library prints it', () => {
    const secrets = {
      signerKey: `0x${'1a'.repeat(32)}`,
      keeperKey: `0x${'2b'.repeat(32)}`,
      keystorePassword: 'password-of-keystores',
      webhookKey: 'webhook-key-of-32-characters-at-least',
      apiKey: 'plain-key-of-an-app',
      adminKey: 'plain-key-of-an-administrator-it-is',
      nodeKey: 'v3/key-of-the-provider',
    }
    const config = parseConfig({
      rpcUrl: `https://user:pass-of-node@node.example/${secrets.nodeKey}`,
      chainId: 1,
      paymasters: { [`0x${'11'.repeat(20)}`]: `0x${'22'.repeat(20)}` },
      signerKey: secrets.signerKey,
      keeperKey: secrets.keeperKey,
      keystorePassword: secrets.keystorePassword,
      webhookKey: secrets.webhookKey,
      apps: [{ name: 'a', apiKey: secrets.apiKey, policies: ['p'] }],
      administrators: [{ name: 'a', key: secrets.adminKey }],
    })
    const text = loggedWith(secretsOf(config), (log) => {
      log.error({ err: new Error(JSON.stringify(Object.values(secrets))) }, config.rpcUrl)
      log.info({ config: { ...config, lowDepositWei: 0 } }, 'options')
      log.info({ url: `http://x/?apikey=${secrets.apiKey}` }, 'asked')
    })
    for (const secret of [...Object.values(secrets), 'pass-of-node', '1a1a1a', '2b2b2b'])
      expect(text, secret).not.toContain(secret)
  })
})
