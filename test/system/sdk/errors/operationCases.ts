import {
  NonceLaneBusyError,
  UserOperationDroppedError,
  UserOperationRevertedError,
  UserOperationTimeoutError,
  UserOperationUnansweredError,
  usdc,
  waitForOperation,
} from '@fabstir/sdk'
import { http } from 'viem'
import { expect } from 'vitest'
import { softwareP256Key } from '../../../fixtures/softwareKeys.ts'
import { barrier, freshKey } from '../../sdkFixture.ts'
import { lost, silent, tamper } from '../../sdkServiceProxy.ts'
import type { ErrorCase } from './errorCase.ts'

const hash = expect.stringMatching(/^0x[\da-f]{64}$/)

/** What becomes of operations after they were signed. */
export const operationCases: readonly ErrorCase[] = [
  {
    error: UserOperationRevertedError,
    when: 'its calls revert on chain, with the custom error of the marketplace below it',
    async happen({ devnet, createHost, createRenter, createClient }) {
      const host = await createHost()
      const owner = freshKey()
      const renter = await createRenter('5', { owner })
      const { sessionId } = await renter.openSessionSync({
        host: host.account.address,
        pricePer1000: usdc('0.5'),
        checkpointInterval: 500n,
        coSigner: freshKey().address,
        deposit: usdc(5),
      })
      const transport = barrier(http(devnet.bundlerUrl), 2)
      const twoLanes = await createClient({ owner, nonceLanes: 2, transport })
      return Promise.all([
        twoLanes.completeSessionSync({ sessionId }),
        twoLanes.completeSessionSync({ sessionId }),
      ])
    },
    fields: {
      hash,
      revertData: expect.stringMatching(/^0x/),
      reason: expect.objectContaining({ errorName: 'SessionWrongStatus' }),
    },
    cause: { errorName: 'SessionWrongStatus' },
  },
  {
    error: UserOperationDroppedError,
    when: 'the bundler has lost its mempool',
    async happen({ ask, createRenter, job }) {
      const renter = await createRenter('1')
      await ask('debug_bundler_setBundlingMode', ['manual'])
      const hash = await renter.postJob(job)
      await ask('debug_bundler_clearState')
      return waitForOperation(renter, { hash })
    },
    fields: { hash, reason: 'not_found', broadcast: false },
  },
  {
    error: UserOperationTimeoutError,
    when: 'the bundler does not bundle',
    async happen({ ask, createRenter, job }) {
      const renter = await createRenter('1', { timeout: 1500 })
      await ask('debug_bundler_setBundlingMode', ['manual'])
      return renter.postJobSync(job)
    },
    fields: { hash },
  },
  {
    error: UserOperationTimeoutError,
    when: 'the bundler falls silent, with the silence as its cause',
    async happen({ bundler, createRenter, viaBundler, job }) {
      const renter = await createRenter('1', { transport: viaBundler(), timeout: 1500 })
      bundler.answer(tamper('eth_getUserOperationReceipt', async () => silent))
      return renter.postJobSync(job)
    },
    fields: { hash },
    cause: { name: 'TimeoutError' },
  },
  {
    error: UserOperationUnansweredError,
    when: 'the bundler never says whether it took it',
    async happen({ bundler, createRenter, viaBundler, job }) {
      const renter = await createRenter('1', { transport: viaBundler(), timeout: 1500 })
      let taken = false
      bundler.answer(async ({ method }, forward) => {
        taken ||= method === 'eth_sendUserOperation'
        return taken ? lost : forward()
      })
      return renter.postJob(job)
    },
    fields: { hash },
    cause: {},
  },
  {
    error: NonceLaneBusyError,
    when: 'the one before it is never signed',
    async happen({ createRenter, job }) {
      let asked = () => {}
      const isAsked = new Promise<void>((resolve) => {
        asked = resolve
      })
      const owner = {
        ...softwareP256Key(),
        sign: () => {
          asked()
          return new Promise<never>(() => undefined)
        },
      }
      const renter = await createRenter('2', { owner, timeout: 1000 })
      const first = renter.postJob(job).catch(() => undefined)
      // A client of the same key with less patience: its turn does not come in time.
      await isAsked
      const second = Object.assign(renter, { wait: { ...renter.wait, timeout: 300 } }).postJob(job)
      return second.finally(() => first)
    },
    fields: { lane: 0, timeout: 300 },
    cause: { name: 'TimeoutError' },
  },
]
