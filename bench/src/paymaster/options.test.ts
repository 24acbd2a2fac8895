import { describe, expect, test } from 'vitest'
import { CommandLineError, helpText, readCommandLine } from './options.ts'

describe('readCommandLine', () => {
  test('without options it is the measurement of the specification', () => {
    expect(readCommandLine([])).toEqual({
      help: false,
      json: false,
      requests: 100_000,
      concurrency: 64,
      rounds: 10,
      contestants: ['sqlite', 'postgres', 'mock-paymaster'],
    })
  })

  test('contestants can be left out, the service on its embedded store cannot', () => {
    expect(readCommandLine(['--', '--no-peer', '--no-postgres']).contestants).toEqual(['sqlite'])
  })

  test.each([
    { args: ['--requests', '99'], message: '--requests: expected a whole number from 100' },
    { args: ['--requests', '1e5'], message: 'got "1e5"' },
    { args: ['--concurrency', '0'], message: '--concurrency: expected a whole number from 1' },
    { args: ['--rounds', '-1'], message: '--rounds' },
    { args: ['--seconds', '1'], message: '--seconds' },
  ])('it names the option in $args that breaks a rule', ({ args, message }) => {
    expect(() => readCommandLine(args)).toThrow(CommandLineError)
    expect(() => readCommandLine(args)).toThrow(message)
  })

  test('the help names every option', () => {
    for (const name of ['requests', 'concurrency', 'rounds', 'no-peer', 'no-postgres', 'json'])
      expect(helpText).toContain(`--${name}`)
  })
})
