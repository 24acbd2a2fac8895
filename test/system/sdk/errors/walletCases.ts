import {
  createFabstirWalletClient,
  fab,
  SponsorRefusedError,
  stakingActions,
  WalletAccountNotFoundError,
  WalletAnswerError,
  WalletCallsFailedError,
  WalletChainNotSupportedError,
  WalletMethodNotSupportedError,
  WalletNotAtomicError,
  WalletNotSponsoredError,
  type WalletPaymasterService,
  WalletRefusedError,
  WalletRejectedError,
  WalletTimeoutError,
  WalletUnansweredError,
} from '@fabstir/sdk'
import type { EIP1193Provider } from 'viem'
import { expect } from 'vitest'
import { apiKeys } from '../../../../devnet/src/apps.ts'
import { devnetAccounts } from '../../../../devnet/src/keys.ts'
import {
  failure,
  type SmartWalletOptions,
  smartWallet,
} from '../../../fixtures/clients/smartWallet.ts'
import type { ErrorCase } from './errorCase.ts'
import type { ErrorStage } from './errorStage.ts'

/** An app of a wallet over a new smart account. */
async function walletApp(
  { devnet, createClient, publicClient }: ErrorStage,
  {
    sponsored,
    timeout = 30_000,
    answer,
    ...options
  }: Partial<SmartWalletOptions> & {
    sponsored?: boolean
    timeout?: number
    /** Of the wallet, in place of its own. */
    answer?: (method: string) => unknown
  } = {},
) {
  const { account } = await createClient()
  const wallet = smartWallet({
    account,
    bundlerUrl: devnet.bundlerUrl,
    atomic: 'supported',
    paymasterService: true,
    ...options,
  })
  const request = async (call: { method: string; params?: unknown }) =>
    answer?.(call.method) ?? wallet.request(call as never)
  const paymasterService: WalletPaymasterService | undefined =
    sponsored === false ? undefined : { url: `${devnet.paymasterUrl}?apikey=${apiKeys.demo}` }
  return createFabstirWalletClient({
    wallet: { ...wallet, request } as EIP1193Provider,
    client: publicClient,
    paymasterService,
    pollingInterval: 20,
    timeout,
  })
}

const refusing = (method: string, code: number) => (asked: string) => {
  if (asked === method) throw failure(code, 'refused')
}
const never = (method: string) => (asked: string) =>
  asked === method ? new Promise(() => undefined) : undefined
const gas = {
  callGasLimit: 200_000n,
  verificationGasLimit: 500_000n,
  preVerificationGas: 100_000n,
}

/** What wallets of EIP-5792 refuse, forget and leave unanswered. */
export const walletCases: readonly ErrorCase[] = [
  {
    error: WalletNotAtomicError,
    when: 'the wallet sends calls one by one',
    async happen(stage) {
      const app = await walletApp(stage, { atomic: 'unsupported' })
      await stage.give.usdc(app.account.address, '1')
      return app.postJob(stage.job)
    },
    fields: { calls: 2 },
  },
  {
    error: WalletNotAtomicError,
    when: 'its user refuses the upgrade',
    async happen(stage) {
      const app = await walletApp(stage, { onRequest: refusing('wallet_sendCalls', 5750) })
      return app.claimJob({ jobId: 1n })
    },
    cause: { code: 5750 },
  },
  {
    error: WalletNotSponsoredError,
    when: 'the wallet takes no paymaster service',
    happen: async (stage) =>
      (await walletApp(stage, { paymasterService: false })).claimJob({ jobId: 1n }),
  },
  {
    error: WalletRejectedError,
    when: 'the user says no',
    happen: async (stage) =>
      (await walletApp(stage, { onRequest: refusing('wallet_sendCalls', 4001) })).claimJob({
        jobId: 1n,
      }),
    cause: { code: 4001 },
  },
  {
    error: WalletAccountNotFoundError,
    when: 'the wallet has none',
    happen: (stage) =>
      walletApp(stage, { answer: (method) => (method === 'eth_requestAccounts' ? [] : undefined) }),
  },
  {
    error: WalletMethodNotSupportedError,
    when: 'the wallet is older than EIP-5792',
    happen: async (stage) =>
      (
        await walletApp(stage, {
          sponsored: false,
          onRequest: refusing('wallet_sendCalls', -32_601),
        })
      ).claimJob({ jobId: 1n }),
    fields: { method: 'wallet_sendCalls' },
    cause: { code: -32_601 },
  },
  {
    error: WalletChainNotSupportedError,
    when: 'the wallet is on other chains',
    happen: async (stage) =>
      (await walletApp(stage, { onRequest: refusing('wallet_sendCalls', 5710) })).claimJob({
        jobId: 1n,
      }),
    fields: { chainId: 31_337 },
    cause: { code: 5710 },
  },
  {
    error: WalletRefusedError,
    when: 'its bundler wants an API key',
    happen: async (stage) =>
      (await walletApp(stage, { onRequest: refusing('wallet_sendCalls', -32_011) })).claimJob({
        jobId: 1n,
      }),
    fields: { method: 'wallet_sendCalls', code: -32_011 },
    cause: { code: -32_011 },
  },
  {
    error: SponsorRefusedError,
    when: "the sponsor's policy does not pay, behind a wallet",
    async happen(stage) {
      const app = (await walletApp(stage)).extend(stakingActions)
      await stage.give.fab(app.account.address, '5000')
      return app.stake({ amount: fab(5000), tier: 'bronze' })
    },
    fields: { rule: 'calls.argument' },
    cause: { code: -32_010 },
  },
  {
    error: WalletAnswerError,
    when: 'the wallet gives no name for the calls',
    happen: async (stage) =>
      (
        await walletApp(stage, {
          answer: (method) => (method === 'wallet_sendCalls' ? { id: 7 } : undefined),
        })
      ).claimJob({ jobId: 1n }),
    fields: { method: 'wallet_sendCalls', answer: { id: 7 } },
  },
  {
    error: WalletAnswerError,
    when: 'the wallet tells of calls on another chain',
    happen: async (stage) =>
      (
        await walletApp(stage, {
          answer: (method) =>
            method === 'wallet_getCallsStatus' ? { status: 200, chainId: '0x1' } : undefined,
        })
      ).setDefaultCoSignerSync({ coSigner: devnetAccounts.deployer.address }),
    fields: { method: 'wallet_getCallsStatus', answer: { status: 200, chainId: '0x1' } },
  },
  {
    error: WalletUnansweredError,
    when: 'the answer of the wallet is lost, and it does not say what it has',
    happen: async (stage) =>
      (
        await walletApp(stage, {
          onRequest: refusing('wallet_getCallsStatus', -32_603),
          onAnswer: refusing('wallet_sendCalls', -32_603),
        })
      ).setDefaultCoSigner({ coSigner: devnetAccounts.deployer.address }),
    fields: { callsId: expect.stringMatching(/^0x\w{64}$/) },
    cause: { code: -32_603 },
  },
  {
    error: WalletTimeoutError,
    when: 'nobody looks at the wallet',
    happen: async (stage) =>
      (await walletApp(stage, { timeout: 200, answer: never('wallet_sendCalls') })).claimJob({
        jobId: 1n,
      }),
    fields: { method: 'wallet_sendCalls', callsId: expect.stringMatching(/^0x\w{64}$/) },
  },
  {
    error: WalletTimeoutError,
    when: 'the wallet does not tell what it can',
    happen: async (stage) =>
      (await walletApp(stage, { timeout: 200, answer: never('wallet_getCapabilities') })).claimJob({
        jobId: 1n,
      }),
    fields: { method: 'wallet_getCapabilities', callsId: undefined },
  },
  {
    error: WalletCallsFailedError,
    when: 'the calls revert on chain',
    happen: async (stage) => (await walletApp(stage, { gas })).claimJobSync({ jobId: 999n }),
    fields: { status: 500, reason: { errorName: 'JobWrongStatus' } },
  },
]
