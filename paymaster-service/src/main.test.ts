import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testPolicy } from './testing/fixtures.ts'

let folder: string
let file: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fabstir-main-'))
  file = join(folder, 'paymaster.json')
  const config = {
    // Nothing listens on the discard port: the service starts and waits for its node.
    rpcUrl: 'http://127.0.0.1:9',
    chainId: 31_337,
    paymasters: {
      '0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108': '0x9999999999999999999999999999999999999999',
    },
    apps: [{ name: 'app', apiKey: 'a-key-of-an-app-for-tests', policies: ['marketplace'] }],
    policies: [testPolicy()],
    store: `sqlite:${join(folder, 'ledger.db')}`,
    logLevel: 'silent',
  }
  writeFileSync(file, JSON.stringify(config))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function start(port: number) {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'main.ts'), '--config', file, '--port', `${port}`],
    { env: { ...process.env, FABSTIR_PAYMASTER_SIGNER_KEY: `0x${'11'.repeat(32)}` } },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk
    })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const match = /^fabstir-paymaster listening on (http:\S+)\n$/.exec(output)
      if (match?.[1]) resolve(match[1])
    })
    void exited.then(() => reject(new Error(output)))
  })
  return { child, exited, url, output: () => output }
}

describe('main', () => {
  test('it prints its URL, is alive but not ready without a node, and ends on SIGTERM with 0', async () => {
    const service = start(0)
    const url = await service.url
    expect((await fetch(`${url}/health`)).status).toBe(200)
    expect((await fetch(`${url}/ready`)).status).toBe(503)
    service.child.kill('SIGTERM')
    expect(await service.exited).toBe(0)
  }, 30_000)

  test('a taken port is named, with exit code 1', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const service = start(port)
    service.url.catch(() => undefined)
    expect(await service.exited).toBe(1)
    expect(service.output()).toContain(`port ${port} on 127.0.0.1 is taken`)
    await new Promise((resolve) => other.close(resolve))
  }, 30_000)
})
