import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hashApiKey } from '../access/apiKey.ts'
import { AdminError } from '../admin/errors.ts'
import { operations } from '../admin/operations.ts'
import { ConfigError } from '../config/schema.ts'
import { testPolicy } from '../testing/fixtures.ts'
import { CommandLineError } from './command.ts'
import { commands } from './commands.ts'
import { runCommand } from './runCommand.ts'
import { InputFileError } from './values.ts'

let folder: string
let config: string
const entryPoint = '0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108'
const paymasters = JSON.stringify({ [entryPoint]: '0x9999999999999999999999999999999999999999' })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fabstir-cli-'))
  config = join(folder, 'paymaster.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const run = async (words: string, ...args: string[]) =>
  runCommand([...words.split(' '), ...args, '--config', config], {})
const json = async (words: string, ...args: string[]) =>
  JSON.parse((await run(words, ...args, '--json')).output)
const initArgs = () => [
  ...['--config', config, '--store', `sqlite:${join(folder, 'store.db')}`],
  ...['--rpc-url', 'http://127.0.0.1:9', '--chain-id', '31337', '--paymasters', paymasters],
]
const init = () => runCommand(['init', ...initArgs()], {})
const file = (name: string, value: unknown) => {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify(value))
  return path
}

describe('init', () => {
  test('it writes a file for its owner only, with the hash of the key that it shows', async () => {
    const { output } = await init()
    const key = /^FABSTIR_PAYMASTER_ADMIN_KEY=(fpa_\S{43})$/m.exec(output)?.[1] ?? ''
    const text = readFileSync(config, 'utf8')
    expect(JSON.parse(text).administrators).toEqual([{ name: 'admin', keyHash: hashApiKey(key) }])
    expect(text).not.toContain(key)
    expect(statSync(config).mode & 0o777).toBe(0o600)
    await expect(init()).rejects.toThrow(`${config} exists`)
  })

  test('what is missing is named', async () => {
    await expect(runCommand(['init', '--config', config], {})).rejects.toThrow(
      /rpcUrl.*\nchainId.*\npaymasters/,
    )
  })
})

describe('what only commands of administration take', () => {
  test.each([
    { words: 'init', option: '--url', rest: ['http://127.0.0.1:9'] },
    { words: 'init', option: '--json', rest: [] },
    { words: 'signer new', option: '--url', rest: ['http://127.0.0.1:9'] },
    { words: 'signer new', option: '--store', rest: ['sqlite:x.db'] },
    { words: 'signer new', option: '--config', rest: ['x.json'] },
    { words: 'signer new', option: '--json', rest: [] },
  ])('$words neither offers nor ignores $option', async ({ words, option, rest }) => {
    const { output } = await runCommand([...words.split(' '), '--help'], {})
    expect(output).not.toContain(option)
    const enough = words === 'init' ? initArgs() : [join(folder, 'key.json')]
    const failing = runCommand([...words.split(' '), ...enough, option, ...rest], {
      FABSTIR_PAYMASTER_KEYSTORE_PASSWORD: 'long enough',
    })
    await expect(failing).rejects.toThrow(CommandLineError)
    await expect(failing).rejects.toThrow(`Unknown option '${option}'`)
    expect(readdirSync(folder)).toEqual([])
  })

  test('init --help tells what it does with --config and --store', async () => {
    const { output } = await runCommand(['init', '--help'], {})
    expect(output).toMatch(/--config FILE +configuration to write/)
    expect(output).toMatch(/--store LOCATION +store to make/)
  })
})

describe('commands', () => {
  test.each(commands.map(({ words }) => words))('%s --help tells its options', async (words) => {
    const { output } = await runCommand([...words.split(' '), '--help'], {})
    const command = commands.find((each) => each.words === words)
    for (const option of Object.keys(command?.options ?? {}))
      expect(output).toContain(`--${option}`)
    expect(operations[command?.operation ?? 'apps']).toBeDefined()
  })

  test('--help lists them all', async () => {
    const { output } = await runCommand(['--help'], {})
    for (const { words } of commands) expect(output).toContain(words)
    expect(output).toContain('init')
    expect(output).toContain('serve')
  })

  test('a policy whose webhook has no secret here, or whose caps no price, is not applied', async () => {
    await init()
    const asking = file('asking.json', testPolicy({ willSponsor: { url: 'https://a.example/' } }))
    const inDollars = file(
      'usd.json',
      testPolicy({ caps: { global: { usd: '5', window: 'day' } } }),
    )
    for (const words of ['policy validate', 'policy apply']) {
      await expect(run(words, asking)).rejects.toThrow(
        'document.willSponsor: no secret is configured for policy marketplace',
      )
      await expect(run(words, inDollars)).rejects.toThrow('give priceFeed or etherPriceUsd')
    }
    const secrets = JSON.stringify({ marketplace: 's'.repeat(32) })
    const environment = { FABSTIR_PAYMASTER_WILL_SPONSOR_SECRETS: secrets }
    const { exitCode } = await runCommand(
      ['policy', 'apply', asking, '--config', config],
      environment,
    )
    expect(exitCode).toBe(0)
  })

  test('from a new store to a key and back', async () => {
    await init()
    const policy = file('policy.json', testPolicy())
    expect(await json('policy validate', policy)).toMatchObject({ version: 1, changed: true })
    expect(await json('policy list')).toEqual([])
    expect(await json('policy apply', policy)).toMatchObject({ version: 1, changed: true })
    expect(await json('policy apply', policy)).toMatchObject({ version: 1, changed: false })
    const tighter = file('tighter.json', testPolicy({ budgetWei: 5n }))
    expect(await json('policy apply', tighter)).toMatchObject({ version: 2, changed: true })
    expect((await json('policy show', 'marketplace', '--version', '1')).version).toBe(1)

    await json('app create', 'web', '--policy', 'marketplace')
    const key = await json(
      'key issue',
      ...['web', '--label', 'front', '--method', 'pm_getPaymasterData', '--rate', '50/20'],
    )
    expect(key).toMatchObject({
      app: 'web',
      label: 'front',
      scope: { methods: ['pm_getPaymasterData'], rate: { requests: 50, seconds: 20 } },
    })
    expect((await json('key list', '--app', 'web')).map(({ id }: { id: string }) => id)).toEqual([
      key.id,
    ])
    expect((await json('key revoke', key.id)).revokedAt).toBeGreaterThan(0)
    expect(await json('usage')).toEqual({ groups: [], truncated: false })

    const { output, exitCode } = await run('audit verify')
    const [, anchor = ''] = /^whole: 5 entries\nanchor: (5:[0-9a-f]{64})\n$/.exec(output) ?? []
    expect(exitCode).toBe(0)
    expect(await run('audit verify', '--anchor', anchor)).toMatchObject({ exitCode: 0 })
    expect(await run('audit verify', '--anchor', `6${anchor.slice(1)}`)).toEqual({
      exitCode: 1,
      output: 'broken at entry 6: the log ends after entry 5, but entry 6 was anchored\n',
    })
    expect((await run('audit list')).output).toMatch(/cli:\S+ +key\.revoke/)

    // Somebody with the file, and without the command line.
    const database = new DatabaseSync(join(folder, 'store.db'))
    database.exec('update api_keys set revoked_at = null')
    database.close()
    expect(await run('audit verify')).toEqual({
      exitCode: 1,
      output: `the log is whole, and the store is not what it says:\n  key/${key.id}: is not as its last entry left it (entry 5)\n`,
    })
  })

  test.each([
    { words: 'nothing', args: [], kind: CommandLineError, message: 'there is no command nothing' },
    { words: 'key', args: [], kind: CommandLineError, message: 'expected key issue, key revoke' },
    { words: 'key issue', args: [], kind: CommandLineError, message: 'expected APP' },
    {
      words: 'key issue',
      args: ['a', 'b'],
      kind: CommandLineError,
      message: 'unexpected argument b',
    },
    {
      words: 'key issue',
      args: ['a', '--colour', 'x'],
      kind: CommandLineError,
      message: '--colour',
    },
    { words: 'key issue', args: ['a', '--rate', '3'], kind: CommandLineError, message: 'not 3' },
    {
      words: 'key issue',
      args: ['a', '--expires-in', '3y'],
      kind: CommandLineError,
      message: 'not 3y',
    },
    {
      words: 'key issue',
      args: ['a', '--rate', '0/1'],
      kind: AdminError,
      message: 'rate.requests',
    },
    { words: 'key issue', args: ['a'], kind: AdminError, message: 'app: there is no app a' },
    { words: 'key revoke', args: ['a'], kind: AdminError, message: 'id: there is no key a' },
    { words: 'app create', args: ['a'], kind: CommandLineError, message: 'expected --policy' },
    {
      words: 'app create',
      args: ['a', '--policy', 'b'],
      kind: AdminError,
      message: 'policies: there is no policy b',
    },
    {
      words: 'policy apply',
      args: ['missing.json'],
      kind: InputFileError,
      message: 'missing.json',
    },
    { words: 'audit verify', args: ['--anchor', '5'], kind: AdminError, message: 'anchor' },
    { words: 'usage', args: ['--by', 'colour'], kind: AdminError, message: 'by.0' },
    {
      words: 'app list',
      args: ['--url', 'x'],
      kind: CommandLineError,
      message: '--url: expected an http URL',
    },
    {
      words: 'app list',
      args: ['--url', 'http://127.0.0.1:9'],
      kind: ConfigError,
      message: 'FABSTIR_PAYMASTER_ADMIN_KEY',
    },
    {
      words: 'app list',
      args: ['--store', 'mysql:x'],
      kind: ConfigError,
      message: 'store: expected',
    },
  ])('$words $args: $message', async ({ words, args, kind, message }) => {
    await init()
    const failing = run(words, ...args)
    await expect(failing).rejects.toThrow(kind)
    await expect(failing).rejects.toThrow(message)
  })

  test('a document that breaks the schema is answered with every field and rule', async () => {
    await init()
    const failing = run(
      'policy validate',
      file('bad.json', { ...testPolicy(), chains: [], maxFeePerGas: 'x' }),
    )
    await expect(failing).rejects.toThrow(
      /document\.chains: .*\ndocument\.maxFeePerGas: expected wei/,
    )
  })

  test('a dry run without a chain node names the node', async () => {
    await init()
    const op = {
      sender: '0x5555555555555555555555555555555555555555',
      nonce: '0x0',
      callData: '0x',
    }
    const failing = run(
      'policy dry-run',
      ...[
        file('policy.json', testPolicy()),
        '--operation',
        file('op.json', op),
        '--entry-point',
        entryPoint,
      ],
    )
    await expect(failing).rejects.toThrow(/chain node/)
  })
})
