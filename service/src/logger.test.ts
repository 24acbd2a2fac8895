import { describe, expect, test } from 'vitest'
import type { Logger, LoggerOptions } from './logger.ts'
import { createLogger } from './logger.ts'
import { loggedText } from './testing/loggedText.ts'

const key = `0x${'ab'.repeat(32)}`

function loggedWith(
  options: Partial<LoggerOptions> & { secrets: readonly string[] },
  write: (logger: Logger) => void,
) {
  return loggedText((destination) =>
    write(createLogger({ name: 'example', level: 'debug', ...options, destination })),
  )
}

describe('createLogger', () => {
  test('shows hashes and amounts, and whose line it is', () => {
    const text = loggedWith({ secrets: [] }, (log) =>
      log.info({ hash: '0x12', cost: '34' }, 'sent'),
    )
    expect(JSON.parse(text)).toMatchObject({
      ...{ hash: '0x12', cost: '34', msg: 'sent', name: 'example' },
    })
  })

  test.each([
    { where: 'a field', write: { url: `http://node/${key}` } },
    { where: 'a nested field', write: { config: { executorPrivateKeys: [key] } } },
    { where: 'the stack of an error', write: { err: new Error(`cannot use ${key}`) } },
    {
      where: 'the cause of an error',
      write: { err: new Error('no answer', { cause: new Error(key) }) },
    },
  ])('hides a key in $where', ({ write }) => {
    // The shorter one first: what is left of the longer one would be shown.
    const secrets = [key.slice(2), key]
    const text = loggedWith({ secrets }, (log) => log.error(write, `with ${key}`))
    expect(text).not.toContain('abab')
    expect(text.match(/\[secret\]/g)?.length).toBeGreaterThanOrEqual(2)
    expect(JSON.parse(text)).toHaveProperty('msg', 'with [secret]')
  })

  test('hides what JSON writes in another way', () => {
    const secret = 'pass"word\\1'
    const text = loggedWith({ secrets: [secret] }, (log) => log.warn({ secret }, 'x'))
    expect(JSON.parse(text)).toHaveProperty('secret', '[secret]')
  })

  test('looks through a line once, however long a client makes it', () => {
    const long = 'a.'.repeat(200_000)
    const text = loggedWith({ secrets: [] }, (log) => log.info({ method: long }, 'x://y:z@w'))
    expect(JSON.parse(text)).toMatchObject({ method: long, msg: 'x://[secret]@w' })
  })

  test('leaves words that a very short secret is part of', () => {
    const text = loggedWith({ secrets: ['', 'key'] }, (log) => log.info('a new key'))
    expect(JSON.parse(text)).toHaveProperty('msg', 'a new key')
  })

  test.each([
    { line: 'POST /?apikey=hunter2hunter2&x=1', shown: 'POST /?apikey=[secret]&x=1' },
    { line: 'authorization: Bearer abc.def-1', shown: 'authorization: Bearer [secret]' },
    {
      line: 'cannot use postgres://me:hunter2@db.example/pay',
      shown: 'cannot use postgres://[secret]@db.example/pay',
    },
    { line: 'key own_0123', shown: 'key own_[hidden]' },
  ])('hides what nobody told it is one: $line', ({ line, shown }) => {
    const text = loggedWith({ secrets: [], patterns: [[/own_\d+/g, 'own_[hidden]']] }, (log) =>
      log.info(line),
    )
    expect(JSON.parse(text)).toHaveProperty('msg', shown)
  })
})
