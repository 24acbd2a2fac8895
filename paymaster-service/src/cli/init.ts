import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { newAdminKey } from '../admin/credentials.ts'
import { storeAreas } from '../composition/storeAreas.ts'
import { ConfigError, parseConfig } from '../config/schema.ts'
import { openStore } from '../store/openStore.ts'
import type { CommandLine } from './command.ts'
import { CommandLineError, readWritten } from './command.ts'

const options: CommandLine['options'] = {
  config: { value: 'FILE', description: 'configuration to write (default paymaster.json)' },
  store: { value: 'LOCATION', description: 'store to make' },
  'rpc-url': { value: 'URL', description: 'JSON-RPC URL of the chain node' },
  'chain-id': { value: 'ID', description: 'chain that is served' },
  paymasters: {
    value: 'JSON',
    description: 'SponsorPaymaster by EntryPoint: {"0xEntryPoint":"0xPaymaster"}',
  },
  port: { value: 'PORT', description: 'port to listen on' },
  administrator: { value: 'NAME', description: 'who gets the first key (default admin)' },
}

export const initCommand: CommandLine = {
  words: 'init',
  summary: 'writes a configuration and makes the store; shows the secrets, this once',
  arguments: [],
  options,
}

const defaultFile = 'paymaster.json'

/**
 * Writes the configuration file and makes the store's tables.
 * @throws CommandLineError, ConfigError, and what {@link openStore} throws.
 */
export async function init(args: readonly string[]): Promise<string> {
  const written = readWritten(initCommand, args)
  const file = written.text('config') ?? defaultFile
  const administrator = written.text('administrator') ?? 'admin'
  const { key, keyHash } = newAdminKey(randomBytes)
  const given = {
    rpcUrl: written.text('rpc-url'),
    chainId: written.text('chain-id'),
    paymasters: json(written.text('paymasters')),
    store: written.text('store'),
    port: written.text('port'),
    administrators: [{ name: administrator, keyHash }],
  }
  const checked = parseConfig(given)
  const { rpcUrl, chainId, paymasters, administrators, store: location, port } = checked
  const config = { rpcUrl, chainId, paymasters, store: location, port, administrators }
  writeNew(file, `${JSON.stringify(config, null, 2)}\n`)
  const store = await openStore(location, storeAreas)
  await store.close()
  return `${file} is written, and the tables of ${location.split('@').at(-1)} are made.

Keep these; they are shown this once:
FABSTIR_PAYMASTER_ADMIN_KEY=${key}
FABSTIR_PAYMASTER_WEBHOOK_KEY=${randomBytes(32).toString('base64url')}

Then:
  fabstir-paymaster policy apply policy.json --config ${file}
  fabstir-paymaster app create my-app --policy my-policy --config ${file}
  fabstir-paymaster key issue my-app --config ${file}
  FABSTIR_PAYMASTER_SIGNER_KEY=0x… fabstir-paymaster serve --config ${file}
`
}

function json(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new CommandLineError('init', '--paymasters: expected JSON')
  }
}

function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new ConfigError([`${path} exists: name another file with --config, or move it away`])
    throw error
  }
}
