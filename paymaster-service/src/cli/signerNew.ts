import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { getAddress } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { resolvePassword } from '../config/resolveKeys.ts'
import { ConfigError } from '../config/schema.ts'
import { encryptKeystore } from '../signing/keystore/keystore.ts'
import type { CommandLine } from './command.ts'
import { readWritten } from './command.ts'

export const signerNewCommand: CommandLine = {
  words: 'signer new',
  summary: 'makes a signing key and writes it to a keystore, encrypted',
  arguments: [{ name: 'FILE', description: 'keystore to write (Web3 Secret Storage, scrypt)' }],
  options: {
    'password-file': {
      value: 'FILE',
      description: 'its first line is the password; else FABSTIR_PAYMASTER_KEYSTORE_PASSWORD is',
    },
  },
}

/** Characters. */
const shortestPassword = 8

/**
 * Writes a keystore with a new key; nobody but this process has seen the key.
 * @throws CommandLineError, ConfigError
 */
export async function signerNew(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const written = readWritten(signerNewCommand, args)
  const file = written.arguments.FILE ?? ''
  const password = resolvePassword({
    keystorePasswordFile: written.text('password-file'),
    keystorePassword:
      written.text('password-file') === undefined
        ? environment.FABSTIR_PAYMASTER_KEYSTORE_PASSWORD
        : undefined,
  })
  if (password === undefined || password.length < shortestPassword)
    throw new ConfigError([
      `password: expected at least ${shortestPassword} characters in --password-file or FABSTIR_PAYMASTER_KEYSTORE_PASSWORD`,
    ])
  const keystore = await encryptKeystore(generatePrivateKey(), password, { random: randomBytes })
  try {
    writeFileSync(file, `${JSON.stringify(keystore, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw new ConfigError([`${file}: ${error instanceof Error ? error.message : String(error)}`])
  }
  return `${file} holds the key of ${getAddress(`0x${keystore.address}`)}\n`
}
