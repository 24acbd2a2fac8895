import { usdc } from '@fabstir/sdk'
import type { Hash } from 'viem'
import { createDemoClient, type DemoParameters } from './demoClient.ts'

/** A renter for the page to work for: it posts jobs, and pays for what was handed in. */
export async function createDemoRenter(parameters: DemoParameters) {
  const renter = await createDemoClient(parameters)
  return {
    async postJob(): Promise<bigint> {
      await parameters.faucet.giveUsdc(renter.account.address)
      const { jobId } = await renter.postJobSync({
        model: 'llama-70b',
        prompt: 'bafyprompt',
        payment: usdc(1),
      })
      return jobId
    },
    async release(jobId: bigint): Promise<Hash> {
      const { userOperationHash } = await renter.releasePaymentSync({ jobId })
      return userOperationHash
    },
  }
}
