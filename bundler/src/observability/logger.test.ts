import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
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
  test('shows operations and bundles', () => {
    const text = loggedWith([], (logger) => logger.info({ hash: '0x12', bundle: '0x34:5' }, 'sent'))
    expect(JSON.parse(text)).toMatchObject({ hash: '0x12', bundle: '0x34:5', msg: 'sent' })
  })

  test.each([
    { where: 'a field', write: { url: `http://node/${key}` } },
    { where: 'a nested field', write: { config: { executorPrivateKeys: [key] } } },
    { where: 'the stack of an error', write: { err: new Error(`cannot use ${key}`) } },
  ])('hides a key in $where', ({ write }) => {
    const text = loggedWith([key, key.slice(2)], (logger) => logger.error(write, `with ${key}`))
    expect(text).not.toContain('abab')
    expect(text.match(/\[secret\]/g)?.length).toBeGreaterThanOrEqual(2)
    expect(JSON.parse(text)).toHaveProperty('msg', 'with [secret]')
  })

  test('hides what JSON writes in another way', () => {
    const secret = 'pass"word\\1'
    const text = loggedWith([secret], (logger) => logger.warn({ secret }, 'x'))
    expect(JSON.parse(text)).toHaveProperty('secret', '[secret]')
  })
})
