import { fab, SessionKeyNotActiveError, usdc, type Voucher } from '@fabstir/sdk'
import { formatUnits } from 'viem'
import { devnetAccounts } from '../keys.ts'
import type { Actors } from './actors.ts'
import type { StepRunner } from './stepRunner.ts'

/** Terms of the demo's session and job. */
export const terms = {
  deposit: usdc(5),
  pricePer1000: usdc('0.5'),
  checkpointInterval: 500n,
  tokens: [500n, 1_000n, 2_500n],
  jobPayment: usdc(1),
  spendLimit: { usdc: { total: usdc(2), perCall: usdc(1) } },
} as const

/** The main job of the stack, from a host that owns nothing but stake to a revoked key. */
export async function runLifecycle({ host, renter }: Actors, steps: StepRunner): Promise<void> {
  const { renterApp, hostApp } = devnetAccounts

  await steps.run(
    'host: approve, stake and register',
    () =>
      host.registerHostSync({
        gpu: 'rtx4090',
        models: ['llama-70b'],
        region: 'us-west',
        stake: fab(1000),
      }),
    ({ metadata }) => `account deployed, serves ${metadata.models.join(', ')}`,
  )

  const { sessionId } = await steps.run(
    'renter: approve and open a session',
    () =>
      renter.openSessionSync({
        host: host.account.address,
        deposit: terms.deposit,
        pricePer1000: terms.pricePer1000,
        checkpointInterval: terms.checkpointInterval,
        coSigner: renterApp.address,
      }),
    ({ deposit }) => `account deployed, ${showUsdc(deposit)} deposited`,
  )

  const grant = await steps.run(
    'renter: grant the app a key',
    () =>
      renter.grantSession({
        key: renterApp.address,
        expiresIn: '24h',
        uses: 10,
        scope: ['completeSession', 'postJob'],
        spend: terms.spendLimit,
      }),
    ({ policy }) => `signed only: ${policy.uses} uses, 24 h, ${policy.calls.length} functions`,
  )
  const app = renter.withSession(grant, renterApp)

  const vouchers: Voucher[] = []
  for (const cumulativeTokens of terms.tokens) {
    const voucher = await steps.run(
      `app key: sign a voucher for ${cumulativeTokens} tokens`,
      () => app.signVoucher({ sessionId, cumulativeTokens }),
      () => 'off chain',
    )
    vouchers.push(voucher)
    if (cumulativeTokens === terms.tokens.at(-1)) break
    await steps.run(
      'host: submit the co-signed checkpoint',
      () => host.checkpointSync({ sessionId, voucher }),
      (event) => `${event.cumulativeTokens} tokens proven`,
    )
  }

  await steps.run(
    'app key: complete the session',
    () => app.completeSessionSync({ sessionId }),
    () => 'first use installed the key; closing window open',
  )
  await steps.run(
    'host: settle with the last voucher',
    () => host.settleSessionSync({ sessionId, voucher: vouchers.at(-1) }),
    (paid) =>
      `host ${showUsdc(paid.host)}, fees ${showUsdc(paid.protocol)} + ${showUsdc(paid.stakers)}, refund ${showUsdc(paid.renter)}`,
  )
  for (const [name, client] of [
    ['host', host],
    ['renter', renter],
  ] as const) {
    await steps.run(
      `${name}: withdraw`,
      () => client.withdrawSync({ token: 'usdc' }),
      ({ amount }) => showUsdc(amount),
    )
  }

  const { jobId } = await steps.run(
    'app key: approve and post a job',
    () => app.postJobSync({ model: 'llama-70b', prompt: promptCid, payment: terms.jobPayment }),
    (job) => `job ${job.jobId}, ${showUsdc(job.payment)} from the key's limit`,
  )
  const claimGrant = await steps.run(
    'host: grant its app a claiming key',
    () =>
      host.grantSessionSync({
        key: hostApp.address,
        expiresIn: '1h',
        uses: 5,
        scope: ['claimJob'],
      }),
    ({ policy }) => `installed: ${policy.uses} uses, claimJob only`,
  )
  const claimer = host.withSession(claimGrant, hostApp)
  await steps.run(
    "host's app key: claim the job for the wallet",
    () => claimer.claimJobSync({ jobId }),
    (claim) => `host of the job is the wallet ${claim.host.slice(0, 8)}…`,
  )
  await steps.run(
    'host: submit the result',
    () => host.submitResultSync({ jobId, resultCid: promptCid }),
    () => 'review window open',
  )
  await steps.run(
    'renter: release the payment',
    () => renter.releasePaymentSync({ jobId }),
    () => 'released',
  )
  await steps.run(
    'host: withdraw the job payment',
    () => host.withdrawSync({ token: 'usdc' }),
    ({ amount }) => showUsdc(amount),
  )

  await steps.run(
    'host: revoke the claiming key',
    () => host.revokeSessionSync(claimGrant),
    ({ outcome }) => outcome,
  )
  await steps.refuse(
    "host's app key: claim again (must be refused)",
    () => claimer.claimJobSync({ jobId }),
    SessionKeyNotActiveError,
  )
}

/** Content id of some input; the text itself never goes on chain. */
export const promptCid = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'

const showUsdc = (amount: bigint) => `${formatUnits(amount, 6)} USDC`
