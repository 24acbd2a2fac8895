import {
  ContractRevertedError,
  createFabstirClient,
  EntryPointRefusedError,
  fab,
  toFabstirAccount,
} from '@fabstir/sdk'
import { http, type Transport } from 'viem'
import { freshKey } from '../../sdkFixture.ts'
import type { ErrorCase } from './errorCase.ts'
import type { ErrorStage } from './errorStage.ts'

/** A transport that changes an operation before it is sent: after it was signed, or before. */
function changed(
  transport: Transport,
  method: string,
  change: (operation: Record<string, unknown>) => Record<string, unknown>,
): Transport {
  return (parameters) => {
    const { request, ...rest } = transport(parameters)
    return {
      ...rest,
      request: (call: { method: string; params?: unknown }) => {
        if (call.method !== method || !Array.isArray(call.params)) return request(call as never)
        const [operation, ...others] = call.params
        return request({ ...call, params: [change(operation), ...others] } as never)
      },
    } as ReturnType<Transport>
  }
}

/** A renter whose operations are changed after they were signed, on their way to the bundler. */
async function changedOnTheWay(
  { createRenter, devnet }: ErrorStage,
  change: (operation: Record<string, unknown>) => Record<string, unknown>,
) {
  const transport = changed(http(devnet.bundlerUrl), 'eth_sendUserOperation', change)
  return createRenter('2', { transport })
}

/** What contracts and the EntryPoint refuse, in the estimate or in validation. */
export const contractCases: readonly ErrorCase[] = [
  {
    error: ContractRevertedError,
    when: 'the marketplace refuses a call of the batch',
    async happen({ postedJob }) {
      const { renter, jobId } = await postedJob()
      return renter.releasePayment({ jobId })
    },
    fields: { errorName: 'JobWrongStatus' },
    cause: { code: -32521 },
  },
  {
    error: ContractRevertedError,
    when: 'the registry refuses',
    async happen({ createHost, give }) {
      const host = await createHost()
      await give.fab(host.account.address, '1000')
      return host.registerHost({ models: ['m'], stake: fab(1000) })
    },
    cause: { code: -32521 },
  },
  {
    error: ContractRevertedError,
    when: 'a view refuses',
    happen: async ({ createClient }) => (await createClient()).getProposal({ proposalId: 7n }),
  },
  {
    error: EntryPointRefusedError,
    when: 'AA21: the account has to pay by itself, and has nothing',
    async happen({ devnet, publicClient, give, job }) {
      const client = createFabstirClient({
        account: await toFabstirAccount({
          client: publicClient,
          owner: freshKey(),
          contracts: devnet.contracts,
        }),
        transport: http(devnet.bundlerUrl),
      })
      await give.usdc(client.account.address, '1')
      return client.postJob(job)
    },
    fields: { aaCode: 'AA21', code: -32500 },
    cause: { code: -32500 },
  },
  {
    error: EntryPointRefusedError,
    when: 'AA24: somebody else signed',
    happen: async (stage) =>
      (
        await changedOnTheWay(stage, (operation) => ({
          ...operation,
          signature: (operation.signature as string).replace(/.(?=.{100}$)/, (nibble) =>
            nibble === '0' ? '1' : '0',
          ),
        }))
      ).postJob(stage.job),
    fields: { aaCode: 'AA24', code: -32507 },
    cause: { code: -32507 },
  },
  {
    error: EntryPointRefusedError,
    when: 'AA25: the nonce is used',
    async happen({ createSelfPaid, devnet, job }) {
      const renter = await createSelfPaid({ usdc: '2' })
      await renter.postJobSync(job)
      const stale = createFabstirClient({
        account: {
          ...renter.account,
          getNonce: async () => (await renter.account.getNonce()) - 1n,
        },
        transport: http(devnet.bundlerUrl),
      })
      return stale.postJob(job)
    },
    fields: { aaCode: 'AA25' },
    cause: { code: -32500 },
  },
  {
    error: EntryPointRefusedError,
    when: 'AA33: the paymaster does not read its data',
    happen: async (stage) =>
      (
        await changedOnTheWay(stage, (operation) => ({ ...operation, paymasterData: '0x12' }))
      ).postJob(stage.job),
    fields: { aaCode: 'AA33', code: -32501 },
    cause: { code: -32501 },
  },
  {
    error: EntryPointRefusedError,
    when: 'AA34: the paymaster did not sign this',
    happen: async (stage) =>
      (
        await changedOnTheWay(stage, (operation) => ({ ...operation, callGasLimit: '0xf4240' }))
      ).postJob(stage.job),
    fields: { aaCode: 'AA34', code: -32507 },
    cause: { code: -32507 },
  },
  {
    error: EntryPointRefusedError,
    when: 'AA13: the factory reverts',
    async happen(stage) {
      const { account } = await stage.createRenter('1')
      const broken = createFabstirClient({
        account: {
          ...account,
          getFactoryArgs: async () => ({
            factory: (account as unknown as { factory: `0x${string}` }).factory,
            factoryData: '0x12345678' as const,
          }),
        },
        transport: http(stage.devnet.bundlerUrl),
      })
      return broken.postJob(stage.job)
    },
    fields: { aaCode: 'AA13' },
    cause: { code: -32500 },
  },
  {
    error: EntryPointRefusedError,
    when: 'AA20: there is no account and no factory',
    async happen(stage) {
      const { account } = await stage.createRenter('1')
      const missing = createFabstirClient({
        account: {
          ...account,
          getFactoryArgs: async () => ({ factory: undefined, factoryData: undefined }),
        },
        transport: http(stage.devnet.bundlerUrl),
      })
      return missing.postJob(stage.job)
    },
    fields: { aaCode: 'AA20' },
    cause: { code: -32500 },
  },
]
