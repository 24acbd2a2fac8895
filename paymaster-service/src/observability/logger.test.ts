import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../config/schema.ts'
import { secretsOf } from '../config/secrets.ts'
import { createLogger } from './logger.ts'

const key = `0x${'ab'.repeat(32)}`

function loggedWith(secrets: string[], write: (logger: ReturnType<typeof createLogger>) => void) {
  let text = ''
  const destination = new Writable({
    write(chunk, _, done) {
      text += chunk
      done()
    },
  })
  write(createLogger({ level: 'debug', secrets, destination }))
  return text
}

describe('createLogger', () => {
  test('shows senders and hashes', () => {
    const text = loggedWith([], (log) => log.info({ sender: '0x12', cost: '34' }, 'settled'))
    expect(JSON.parse(text)).toMatchObject({ sender: '0x12', cost: '34', msg: 'settled' })
  })

  test.each([
    { where: 'a field', write: { url: `http://node/${key}` } },
    { where: 'a nested field', write: { config: { signerKey: [key] } } },
    { where: 'the stack of an error', write: { err: new Error(`cannot use ${key}`) } },
    {
      where: 'the cause of an error',
      write: { err: new Error('no answer', { cause: new Error(key) }) },
    },
  ])('hides a key in $where', ({ write }) => {
    const text = loggedWith([key, key.slice(2)], (log) => log.error(write, `with ${key}`))
    expect(text).not.toContain('abab')
    expect(text.match(/\[secret\]/g)?.length).toBeGreaterThanOrEqual(2)
    expect(JSON.parse(text)).toHaveProperty('msg', 'with [secret]')
  })

  test('hides what JSON writes in another way', () => {
    const secret = 'pass"word\\1'
    const text = loggedWith([secret], (log) => log.warn({ secret }, 'x'))
    expect(JSON.parse(text)).toHaveProperty('secret', '[secret]')
  })

  test.each([
    { line: `key fpk_0123456789abcdef_Zm9vYmFy-_`, shown: 'key fpk_0123456789abcdef_[secret]' },
    { line: 'POST /?apikey=hunter2hunter2&x=1', shown: 'POST /?apikey=[secret]&x=1' },
    { line: 'authorization: Bearer abc.def-1', shown: 'authorization: Bearer [secret]' },
    {
      line: 'cannot use postgres://me:hunter2@db.example/pay',
      shown: 'cannot use postgres://[secret]@db.example/pay',
    },
  ])('hides what nobody told it is one: $line', ({ line, shown }) => {
    expect(JSON.parse(loggedWith([], (log) => log.info(line)))).toHaveProperty('msg', shown)
  })

  test('a line that a client makes long is looked through once', () => {
    const long = 'a.'.repeat(200_000)
    const text = loggedWith([], (log) => log.info({ method: long }, 'x://y:z@w'))
    expect(JSON.parse(text)).toMatchObject({ method: long, msg: 'x://[secret]@w' })
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
