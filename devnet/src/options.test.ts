import { describe, expect, test } from 'vitest'
import { CommandLineError, readCommandLine } from './options.ts'

describe('readCommandLine', () => {
  test('it serves on the usual ports until Ctrl-C unless told otherwise', () => {
    expect(readCommandLine([])).toEqual({
      once: false,
      json: false,
      help: false,
      chainPort: 8545,
      bundlerPort: 4337,
      paymasterPort: 4338,
    })
  })

  test('it skips the separator that pnpm hands on', () => {
    expect(readCommandLine(['--', '--once', '--json', '--chain-port', '0'])).toMatchObject({
      once: true,
      json: true,
      chainPort: 0,
    })
  })

  test.each([
    { args: ['--bundler-port', '65536'], message: '--bundler-port: expected 0 to 65535' },
    { args: ['--chain-port', 'x'], message: '--chain-port: expected a port number' },
    { args: ['--chain-port', '1.5'], message: '--chain-port: expected a whole number' },
    { args: ['--onse'], message: '--onse' },
  ])('it names the option in $args that breaks a rule', ({ args, message }) => {
    expect(() => readCommandLine(args)).toThrow(CommandLineError)
    expect(() => readCommandLine(args)).toThrow(message)
  })
})
