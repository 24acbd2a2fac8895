import {
  AmountError,
  CallDataError,
  ClientNotFoundError,
  ContractsNotFoundError,
  CoSignerNotFoundError,
  createFabstirClient,
  DelegationError,
  DurationError,
  EventNotFoundError,
  eth,
  fab,
  InsufficientBalanceError,
  KeyNotSupportedError,
  KeySignatureError,
  MetadataError,
  NonceLanesError,
  OwnerSigningError,
  PriceRequiredError,
  PublicKeyError,
  postJob,
  RoleRequiredError,
  releasePayment,
  TokenMismatchError,
  toFabstirAccount,
  usdc,
  VoucherMismatchError,
  waitForOperation,
} from '@fabstir/sdk'
import { FabstirSDKHeadless, SignerNotSetError } from '@fabstir/sdk/headless'
import { createClient, type EIP1193Provider, http, zeroAddress } from 'viem'
import { mainnet } from 'viem/chains'
import { softwareP256Key, softwarePasskey } from '../../../fixtures/softwareKeys.ts'
import { freshKey } from '../../sdkFixture.ts'
import type { ErrorCase } from './errorCase.ts'

/** A wallet that answers like this. */
const wallet = (request: (call: { method: string }) => Promise<unknown>) =>
  ({ request }) as unknown as EIP1193Provider

/** What is wrong with values, keys and configuration, before anything is sent. */
export const valueCases: readonly ErrorCase[] = [
  {
    error: AmountError,
    when: 'an amount has more decimals than the token',
    happen: () => usdc('0.0000001'),
    fields: { amount: '0.0000001' },
  },
  {
    error: DurationError,
    when: 'a grant is for no time',
    happen: async ({ createClient }) =>
      (await createClient()).grantSession({
        key: freshKey().address,
        expiresIn: '0h',
        scope: ['claimJob'],
      }),
    fields: { duration: '0h' },
  },
  {
    error: InsufficientBalanceError,
    when: 'a host has no stake',
    happen: async ({ createClient }) => (await createClient()).registerHost({ models: ['m'] }),
    fields: { token: 'fab', required: fab(1000).value, available: 0n },
  },
  {
    error: InsufficientBalanceError,
    when: 'two jobs of a batch cost more than there is, though each alone does not',
    happen: async ({ createRenter, job }) =>
      (await createRenter('1.5')).batch([postJob.call(job), postJob.call(job)]),
    fields: { token: 'usdc', required: 2_000_000n, available: 1_500_000n },
  },
  {
    error: InsufficientBalanceError,
    when: 'a job is paid in ETH that is not there',
    happen: async ({ createClient, job }) =>
      (await createClient()).postJob({ ...job, payment: eth(1) }),
    fields: { token: 'eth', required: eth(1).value, available: 0n },
  },
  {
    error: TokenMismatchError,
    when: 'the price of a session is in another token than its deposit',
    happen: async ({ createRenter }) =>
      (await createRenter('5')).openSession({
        host: freshKey().address,
        deposit: usdc(5),
        pricePer1000: fab(1),
        checkpointInterval: 500n,
        coSigner: freshKey().address,
      }),
    fields: { field: 'pricePer1000', token: 'fab', expected: 'usdc' },
  },
  {
    error: PriceRequiredError,
    when: 'an offer has no price',
    happen: async ({ createClient }) => (await createClient()).setOffer({ model: 'llama-70b' }),
  },
  {
    error: MetadataError,
    when: 'a region breaks the registry’s form',
    happen: async ({ createClient, give }) => {
      const host = await createClient()
      await give.fab(host.account.address, '1000')
      return host.registerHost({ models: ['m'], region: 'us;west' })
    },
    fields: { field: 'region' },
  },
  {
    error: CallDataError,
    when: 'calldata is no batch of the account',
    happen: async ({ createClient }) => (await createClient()).account.decodeCalls?.('0x12345678'),
    fields: { data: '0x12345678' },
  },
  {
    error: EventNotFoundError,
    when: 'the logs are those of another action',
    happen: async ({ createRenter, job }) => {
      const renter = await createRenter('1')
      const hash = await renter.postJob(job)
      const { logs } = await waitForOperation(renter, { hash })
      return releasePayment.extractEvent(logs)
    },
    fields: { eventName: 'PaymentReleased' },
  },
  {
    error: ClientNotFoundError,
    when: 'neither client nor account knows the chain',
    happen: async ({ createClient, viaBundler }) => {
      const { account } = await createClient()
      return createFabstirClient({
        account: { ...account, client: undefined as never },
        transport: viaBundler(),
      })
    },
  },
  {
    error: ContractsNotFoundError,
    when: 'nobody knows the contracts of a chain',
    happen: () =>
      toFabstirAccount({
        client: createClient({ chain: mainnet, transport: http('http://127.0.0.1:1') }),
        owner: freshKey(),
      }),
    fields: { chainId: 1 },
  },
  {
    error: NonceLanesError,
    when: 'an account has no lanes',
    happen: ({ createClient }) => createClient({ nonceLanes: 0 }),
    fields: { nonceLanes: 0 },
  },
  {
    error: OwnerSigningError,
    when: 'a wallet gives no account',
    happen: ({ createClient }) => createClient({ owner: wallet(async () => []) }),
  },
  {
    error: PublicKeyError,
    when: 'a P-256 key is not on its curve',
    happen: ({ createClient }) =>
      createClient({ owner: { ...softwareP256Key(), publicKey: `0x${'11'.repeat(64)}` } }),
    fields: { publicKey: `0x${'11'.repeat(64)}` },
  },
  {
    error: KeyNotSupportedError,
    when: 'the owner is nothing that signs',
    happen: ({ createClient }) => createClient({ owner: { address: zeroAddress } as never }),
    fields: { role: 'owner' },
  },
  {
    error: KeySignatureError,
    when: 'the authenticator of a passkey gives up',
    async happen({ createRenter, job }) {
      const passkey = softwarePasskey()
      const owner = {
        ...passkey,
        sign: () => Promise.reject(new Error('The operation was aborted.')),
      }
      return (await createRenter('1', { owner })).postJob(job)
    },
    cause: { message: 'The operation was aborted.' },
  },
  {
    error: KeySignatureError,
    when: 'a device never signs',
    happen: async ({ createRenter, job }) =>
      (
        await createRenter('1', {
          owner: { ...softwareP256Key(), sign: () => new Promise<never>(() => undefined) },
          timeout: 1000,
        })
      ).postJob(job),
    cause: { name: 'TimeoutError' },
  },
  {
    error: DelegationError,
    when: 'a P-256 key is to be an EOA',
    happen: ({ createClient }) => createClient({ owner: softwareP256Key(), eip7702: true }),
  },
  {
    error: RoleRequiredError,
    when: 'an account that is no host is to be one',
    happen: async ({ createClient }) => (await createClient()).assertRole({ role: 'host' }),
    fields: { role: { role: 'host' } },
  },
  {
    error: CoSignerNotFoundError,
    when: 'a client without a key of its own co-signs',
    async happen({ createClient }) {
      const { account } = await createClient()
      const wallet = await createClient()
      return Object.assign(wallet, { account: { ...account, owner: undefined } }).signVoucher({
        sessionId: 1n,
        cumulativeTokens: 1n,
      })
    },
  },
  {
    error: VoucherMismatchError,
    when: 'a voucher is for another session than the call',
    async happen({ createClient }) {
      const client = await createClient()
      const coSigner = freshKey()
      const voucher = await client.signVoucher({ sessionId: 1n, cumulativeTokens: 5n, coSigner })
      return client.checkpoint({ sessionId: 2n, cumulativeTokens: 5n, voucher })
    },
    fields: { field: 'sessionId', expected: 2n, value: 1n },
  },
  {
    error: SignerNotSetError,
    when: 'nobody signs a job of the headless layer',
    happen({ publicClient, devnet, sponsor }) {
      const transport = http(devnet.bundlerUrl)
      const config = { provider: publicClient, transport, paymaster: sponsor() }
      const sdk = new FabstirSDKHeadless({ ...config, contracts: devnet.contracts })
      return sdk.submitJob({ modelId: 'llama-70b', prompt: 'bafy', paymentAmount: '1' })
    },
  },
]
