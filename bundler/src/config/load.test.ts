import { describe, expect, test } from 'vitest'
import { helpText } from './help.ts'
import { loadConfig } from './load.ts'
import { ConfigError, environmentNameOf, flagOf, optionNames } from './options.ts'

const key = `0x${'11'.repeat(32)}`
const required = ['--rpc-url', 'http://127.0.0.1:8545', '--executor-private-keys', key]

function configOf(args: string[], environment: Record<string, string> = {}, file?: string) {
  const command = loadConfig(args, environment, () => {
    if (file === undefined) throw new Error('no file')
    return file
  })
  if (command.kind !== 'run') throw new Error('it showed help')
  return command.config
}

function failure(args: string[], environment: Record<string, string> = {}, file?: string) {
  try {
    configOf(args, environment, file)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return undefined
}

describe('loadConfig', () => {
  test('a newcomer needs a URL and a key', () => {
    expect(configOf(required)).toMatchObject({
      host: '127.0.0.1',
      port: 4337,
      bundleMode: 'auto',
      debugRpc: false,
      store: { kind: 'sqlite', path: '.fabstir/bundler-{chain}.sqlite' },
      executorPrivateKeys: [key],
    })
  })

  test('flags go before environment, environment before file, file before defaults', () => {
    const file = '{"port": 1, "rpc-url": "http://file", "maxBundleOps": 7}'
    const environment = { FABSTIR_BUNDLER_PORT: '2', FABSTIR_BUNDLER_HOST: '127.0.0.2' }
    const args = ['--config', 'x.json', '--port', '3', '--executor-private-keys', key]
    expect(configOf(args, environment, file)).toMatchObject({
      port: 3,
      host: '127.0.0.2',
      rpcUrl: 'http://file',
      maxBundleOps: 7,
      maxPoolOps: 10_000,
    })
  })

  test('each option is in the help and has an environment variable', () => {
    const help = helpText()
    for (const name of optionNames) expect(help).toContain(flagOf(name))
    expect(environmentNameOf('executorPrivateKeys')).toBe('FABSTIR_BUNDLER_EXECUTOR_PRIVATE_KEYS')
    expect(help).toContain('(default 127.0.0.1)')
    expect(loadConfig(['--help'], {})).toEqual({ kind: 'help' })
  })

  test('the environment sets flags and lists', () => {
    const second = `0x${'22'.repeat(32)}`
    expect(
      configOf(['--rpc-url', 'http://x'], {
        FABSTIR_BUNDLER_DEBUG_RPC: 'true',
        FABSTIR_BUNDLER_EXECUTOR_PRIVATE_KEYS: `${key}, ${second}`,
      }),
    ).toMatchObject({ debugRpc: true, executorPrivateKeys: [key, second] })
  })

  test('EntryPoints are found by address in any case', () => {
    const config = configOf([
      ...required,
      '--entry-points',
      '0x0000000071727DE22E5E9D8BAF0EDAC6F37DA032,0x4337084d9e255ff0702461cf8895ce9e3b5ff108',
    ])
    expect(config.entryPoints?.map(({ version }) => version)).toEqual(['0.7', '0.8'])
  })

  test.each([
    { args: [], message: '--rpc-url is required' },
    {
      args: ['--rpc-url', 'http://x'],
      message: 'exactly one of --executor-private-keys and --executor-mnemonic is required',
    },
    {
      args: [...required, '--executor-mnemonic', 'a b'],
      message: 'exactly one of --executor-private-keys and --executor-mnemonic is required',
    },
    { args: ['--rpc-url', 'ftp://x'], message: '--rpc-url must be an http or https URL' },
    {
      args: [...required, '--port', '65536'],
      message: '--port must be a whole number from 0 to 65535, got 65536',
    },
    {
      args: [...required, '--port', 'x'],
      message: '--port must be a whole number from 0 to 65535, got x',
    },
    {
      args: [...required, '--bundle-mode', 'x'],
      message: '--bundle-mode must be auto or manual, got x',
    },
    {
      args: [...required, '--store', 'file'],
      message: '--store must be memory or sqlite:PATH, got file',
    },
    {
      args: [...required, '--store', 'postgres://x'],
      message:
        '--store postgres is not available in this version; use memory or sqlite:PATH, got postgres://x',
    },
    {
      args: [...required, '--max-bundle-gas', '99999'],
      message: '--max-bundle-gas must be a decimal number of gas, at least 100000, got 99999',
    },
    {
      args: [...required, '--min-executor-balance', '0.1'],
      message: '--min-executor-balance must be a decimal number of wei, at least 0, got 0.1',
    },
    {
      args: [...required, '--metrics-port', '1.5'],
      message: '--metrics-port must be a whole number from 0 to 65535, got 1.5',
    },
    { args: ['--config', 'gone.json'], message: '--config: gone.json cannot be read' },
  ])('$args: $message', ({ args, message }) => {
    expect(failure(args)).toBe(message)
  })

  test.each([
    { file: 'port: 1', message: '--config: x.json is not valid JSON' },
    { file: '[]', message: '--config: x.json must hold one JSON object' },
    {
      file: '{"maxBatch": {"is": 1}}',
      message: '--max-batch must be a whole number from 1 to 10000, got {"is":1}',
    },
    { file: '{"prot": 1}', message: 'there is no option --prot' },
  ])('file $file: $message', ({ file, message }) => {
    expect(failure(['--config', 'x.json', ...required], {}, file)).toBe(message)
  })

  test('an unknown flag, an EntryPoint and a trace mode that are not there are refused', () => {
    expect(failure([...required, '--prot', '1'])).toContain("'--prot'")
    expect(failure([...required, '--entry-points', `0x${'0'.repeat(40)}`])).toContain('known are')
    expect(failure([...required, '--trace', 'geth'])).toContain('--trace must be auto')
  })

  test('the name of what was given is in the message: flag or variable', () => {
    expect(failure(required, { FABSTIR_BUNDLER_PORT: 'x' })).toContain('FABSTIR_BUNDLER_PORT must')
  })

  test('a variable that is misspelt is refused, one of another program is not', () => {
    const refused = failure(required, { FABSTIR_BUNDLER_PROT: '1' })
    expect(refused).toBe('there is no option FABSTIR_BUNDLER_PROT, see --help')
    expect(failure(required, { FABSTIR_PAYMASTER_PORT: '1' })).toBeUndefined()
  })

  test('a second key behind a space is not shown', () => {
    const message = failure(['--rpc-url', 'http://x', '--executor-private-keys', key, `${key}22`])
    expect(message).toBe('every argument needs a flag; lists have commas and no spaces')
  })

  test('a wrong key is not shown', () => {
    const wrong = `${key}55`
    const message = failure(['--rpc-url', 'http://x', '--executor-private-keys', wrong])
    expect(message).toContain('--executor-private-keys')
    expect(message).not.toContain('1111')
  })
})
