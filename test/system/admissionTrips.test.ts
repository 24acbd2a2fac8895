import { appendFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { BundlerScene } from '../fixtures/bundlerScene.ts'
import { startBundlerScene } from '../fixtures/bundlerScene.ts'

let scene: BundlerScene

beforeAll(async () => {
  scene = await startBundlerScene()
})
afterEach(() => scene.reset())
afterAll(() => scene?.stop())

const NEVER_MS = 60_000

describe.each(['none', 'js', 'local'] as const)('admission, --trace %s', (trace) => {
  test.each(['0.7', '0.8', '0.9'] as const)('EntryPoint %s', async (version) => {
    const { proxy, chain } = scene
    const bundler = await scene.start({ bundleMode: 'manual', pollInterval: NEVER_MS, trace })
    const report: unknown[] = []
    for (let n = 0; n < 3; n++) {
      const account = await scene.accounts.counterfactual(version)
      const op = await scene.operation(account, { verificationGasLimit: 300_000n })
      proxy.bodies.length = 0
      const { submit } = await import('../fixtures/bundlerClient.ts')
      await submit(bundler.url, account.entryPoint, op)
      report.push(proxy.bodies.map((body) => body.join('+')))
    }
    appendFileSync('/tmp/w/trips.txt', trace+' '+version+' '+JSON.stringify(report)+'\n')
    expect(chain).toBeDefined()
  })
})
