import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  CommandLineError,
  readCommandLine,
} from '../../examples/passkey-wallet/server/commandLine.ts'

const serve = (...args: string[]) => {
  const file = join(import.meta.dirname, '../../examples/passkey-wallet/serve.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe('the command line of the passkey wallet', () => {
  test('goes to the stack of `start` by default, with the API key of the environment', () => {
    expect(readCommandLine([], { SPONSOR_KEY: 'secret' })).toEqual({
      help: false,
      port: 5173,
      rpcUrl: 'http://127.0.0.1:8545',
      bundlerUrl: 'http://127.0.0.1:4337',
      sponsorUrl: 'http://127.0.0.1:4338',
      sponsorKey: 'secret',
    })
    expect(readCommandLine(['--', '--port', '0'], {})).toMatchObject({
      port: 0,
      sponsorKey: 'fabstir-devnet-demo',
    })
  })

  test.each([
    { args: ['--port', '65536'], message: '--port: expected a whole number from 0 to 65535' },
    { args: ['--port', '1e3'], message: '--port: expected a whole number' },
    { args: ['--rpc-url', 'ftp://x'], message: '--rpc-url: expected an http or https address' },
    { args: ['--bundler-url', 'x'], message: '--bundler-url: expected an http or https address' },
    { args: ['--rpc-url', 'http://me:secret@x'], message: 'cannot hold a password' },
    { args: ['--prot', '1'], message: '--prot' },
  ])('names the option in $args that breaks a rule', ({ args, message }) => {
    expect(() => readCommandLine(args, {})).toThrow(CommandLineError)
    expect(() => readCommandLine(args, {})).toThrow(message)
  })

  test('prints its options, and says how to bring up the chain that does not answer', () => {
    expect(serve('--help')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('--sponsor-url <url>'),
      stderr: '',
    })
    expect(serve('--rpc-url', 'http://127.0.0.1:9')).toMatchObject({
      status: 1,
      stderr:
        'passkey wallet: no chain answers at http://127.0.0.1:9: bring it up with `pnpm start`, or pass --rpc-url\n',
    })
    expect(serve('--port', 'x').status).toBe(2)
  })
})
