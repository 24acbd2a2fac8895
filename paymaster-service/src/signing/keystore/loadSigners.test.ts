import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hex } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encryptKeystore } from './keystore.ts'
import { createSignerLoader } from './loadSigners.ts'

const cost = { n: 16, r: 8, p: 1 }
const [one, two, three] = [generatePrivateKey(), generatePrivateKey(), generatePrivateKey()]
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fabstir-keys-'))
  await mkdir(join(folder, 'keys'))
})
afterEach(() => rm(folder, { recursive: true }))

const write = async (name: string, key: Hex, password = 'secret') => {
  const keystore = await encryptKeystore(key, password, { random: randomBytes, cost })
  await writeFile(join(folder, name), JSON.stringify(keystore))
}
const loader = (keystores: string[], password: string | undefined = 'secret') =>
  createSignerLoader({
    privateKeys: [one],
    keystores: keystores.map((name) => join(folder, name)),
    password,
  })
const addresses = async (load: ReturnType<typeof loader>) =>
  (await load()).map(({ address }) => address)

describe('keys', () => {
  test('are those of the options, then of files and folders in their order; new files are found', async () => {
    await write('keys/a.json', two)
    const load = loader(['keys'])
    expect(await addresses(load)).toEqual([one, two].map(privateKeyToAddress))
    await write('keys/b.json', three)
    await writeFile(join(folder, 'keys/.hidden'), 'x')
    expect(await addresses(load)).toEqual([one, two, three].map(privateKeyToAddress))
  })

  test('a keystore that was opened is the same signer again', async () => {
    await write('key.json', two)
    const load = loader(['key.json'])
    const [first, second] = [await load(), await load()]
    expect(second[1]).toBe(first[1])
  })

  test.each([
    { password: 'wrong', message: /key\.json: the password is another one/ },
    { password: '', message: /key\.json: the password is another one/ },
  ])('with $password: $message', async ({ password, message }) => {
    await write('key.json', two)
    await expect(loader(['key.json'], password)()).rejects.toThrow(message)
  })

  test('without a password it says which options give one', async () => {
    await write('key.json', two)
    const load = createSignerLoader({
      privateKeys: [],
      keystores: [join(folder, 'key.json')],
      password: undefined,
    })
    await expect(load()).rejects.toThrow('expected keystorePassword or keystorePasswordFile')
  })

  test('a file that is not there is named', async () => {
    await expect(loader(['nothing.json'])()).rejects.toThrow(/nothing\.json: ENOENT/)
  })
})
