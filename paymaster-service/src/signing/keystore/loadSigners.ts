import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Hex } from 'viem'
import type { Signer } from '../signer.ts'
import { localSigner } from '../signer.ts'
import { decryptKeystore, KeystoreError, parseKeystore } from './keystore.ts'

export type KeySources = {
  /** Plain private keys. */
  privateKeys: readonly Hex[]
  /** Keystore files, and folders of which every file is one; in the order of their names. */
  keystores: readonly string[]
  /** Of every keystore. */
  password: string | undefined
}

/**
 * Loads keys in the order of their sources, each time anew: a keystore that was put into a folder
 * meanwhile is found. What was opened before is not opened again, which would take half a second.
 */
export function createSignerLoader({
  privateKeys,
  keystores,
  password,
}: KeySources): () => Promise<readonly Signer[]> {
  const plain = privateKeys.map(localSigner)
  const opened = new Map<string, Signer>()

  async function open(path: string): Promise<Signer> {
    const text = await readFile(path, 'utf8')
    const known = opened.get(text)
    if (known) return known
    if (password === undefined)
      throw new KeystoreError('expected keystorePassword or keystorePasswordFile')
    const signer = localSigner(await decryptKeystore(parseKeystore(text), password))
    opened.set(text, signer)
    return signer
  }

  return async () => {
    const signers: Signer[] = [...plain]
    for (const path of (await Promise.all(keystores.map(filesOf))).flat()) {
      try {
        signers.push(await open(path))
      } catch (error) {
        throw new KeystoreError(`${path}: ${error instanceof Error ? error.message : error}`)
      }
    }
    return signers
  }
}

async function filesOf(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path]
    const names = await readdir(path)
    return names
      .filter((name) => !name.startsWith('.'))
      .sort()
      .map((name) => join(path, name))
  } catch (error) {
    throw new KeystoreError(`${path}: ${error instanceof Error ? error.message : error}`)
  }
}
