import { EntryPointRefusedError, SessionKeyExpiredError } from '@fabstir/sdk'
import { expect } from 'vitest'
import { tamper } from '../../sdkServiceProxy.ts'
import type { ErrorCase } from './errorCase.ts'
import { selfPayingApp } from './sessionCases.ts'

/** What is over. Afterwards the chain's time is ahead of that of the services: nothing is sponsored any more. */
export const timeCases: readonly ErrorCase[] = [
  {
    error: EntryPointRefusedError,
    when: 'AA32: the sponsorship is over before the operation is sent',
    async happen({ ask, bundler, createRenter, viaBundler, job, pass }) {
      const renter = await createRenter('1', { transport: viaBundler() })
      await ask('debug_bundler_setBundlingMode', ['manual'])
      bundler.answer(
        tamper('eth_sendUserOperation', async (_, forward) => {
          await pass(7200)
          let answer = ''
          // The bundler judges by the newest block that it has heard of.
          await expect
            .poll(async () => {
              await ask('debug_bundler_clearState')
              answer = await forward()
              return answer
            })
            .toContain('error')
          return answer
        }),
      )
      return renter.postJob(job)
    },
    fields: { aaCode: 'AA32', code: -32503 },
    cause: { code: -32503 },
  },
  {
    error: SessionKeyExpiredError,
    when: 'its time is over',
    async happen(stage) {
      const app = await selfPayingApp(stage, 10n ** 18n)
      const other = await stage.createSelfPaid({ usdc: '1' })
      await stage.pass(7200)
      // The bundler judges by the newest block that it has heard of: one with a receipt is of the new time.
      await other.postJobSync(stage.job)
      return app.postJob(stage.job)
    },
    fields: { validAfter: 0 },
    cause: { code: -32503 },
  },
]
