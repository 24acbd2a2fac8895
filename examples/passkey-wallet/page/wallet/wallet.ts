import { type FabstirClient, fab, postJob, usdc } from '@fabstir/sdk'
import type { Hash, PublicClient } from 'viem'
import { getUserOperationReceipt } from 'viem/account-abstraction'
import { askServer } from '../askServer.ts'
import type { Database } from '../database.ts'
import { explain } from '../explain.ts'
import { createOperations, type Operation } from '../operations.ts'
import type { Passkey } from '../passkey/passkey.ts'
import { type Config, openAccount, type Progress } from './connection.ts'
import { findPageKey, grantPageKey, isUsable, type PageKey } from './pageKey.ts'
import { readAccount } from './readAccount.ts'
import {
  ask,
  coSign,
  findRental,
  forgetRental,
  handIn,
  openRental,
  type Rental,
  settle,
} from './rental.ts'
import type { WalletState } from './walletState.ts'

export type WalletParameters = {
  client: PublicClient
  config: Config
  database: Database
  passkey: Passkey
  onPrompt: () => void
  onChange: (fields: Partial<WalletState>) => void
}

export type Wallet = Awaited<ReturnType<typeof openWallet>>

/** The wallet of a passkey: what its user can do, and what there is to show. */
export async function openWallet({ client, database, onChange, ...parameters }: WalletParameters) {
  let current: ReturnType<typeof operations.start> | undefined
  const progress: Progress = {
    onPrompt() {
      parameters.onPrompt()
      current?.update({ note: 'Confirm with your passkey' })
    },
    onSponsor: () => current?.update({ note: 'The sponsor pays; signing' }),
    onSent: (hash) => current?.update({ note: 'Sent, waiting for its block', hash }),
  }
  const owner = await openAccount(client, parameters.config, parameters.passkey, progress)
  const { address } = owner.account
  const operations = createOperations(address, () => onChange({ operations: operations.all() }))
  let pageKey = await findPageKey(owner, database)

  /** Everything again as the chain has it. */
  async function refresh(): Promise<void> {
    pageKey = await findPageKey(owner, database)
    const kept = await findRental(owner, database)
    const [facts, key, session] = await Promise.all([
      readAccount(client, owner),
      pageKey && owner.getSessionKey(pageKey.grant),
      kept && owner.getSession({ sessionId: kept.sessionId }),
    ])
    const rental = kept && session && session.status !== 'settled' ? { kept, session } : undefined
    onChange({ facts, key, rental, operations: operations.all() })
  }

  /** Who signs: the key of the page as long as the account takes it, else the passkey. */
  async function signer(): Promise<{ by: Operation['signer']; client: FabstirClient }> {
    pageKey = await findPageKey(owner, database)
    const usable = pageKey && isUsable(await owner.getSessionKey(pageKey.grant))
    return pageKey && usable
      ? { by: 'key of this page', client: pageKey.client }
      : { by: 'passkey', client: owner }
  }

  /** Runs one operation and shows it. Tabs take turns: two operations of one key must not take the same nonce. */
  async function operate<result>(
    title: string,
    by: Operation['signer'],
    send: () => Promise<result>,
  ): Promise<result> {
    const operation = operations.start(title, by)
    operation.update({ note: 'Waiting for another tab' })
    return navigator.locks.request(`fabstir:${address}`, async () => {
      operation.update({ note: 'Preparing; the sponsor is asked' })
      current = operation
      try {
        const result = await send()
        operation.end({ state: 'done', note: '', ...(await costOf(hashOf())) })
        return result
      } catch (error) {
        const { title, text } = explain(error)
        operation.end({ state: 'failed', note: `${title} ${text}` })
        throw error
      } finally {
        current = undefined
        // How the operation ended counts, not whether the chain can be read just now.
        await refresh().catch(() => undefined)
      }
    })
    function hashOf(): Hash | undefined {
      return operations.all().find(({ id }) => id === operation.id)?.hash
    }
  }

  async function costOf(hash: Hash | undefined): Promise<Partial<Operation>> {
    if (!hash) return {}
    const { actualGasCost, paymaster } = await getUserOperationReceipt(owner, { hash })
    return { hash, gasCost: actualGasCost.toString(), payer: paymaster ? 'sponsor' : 'you' }
  }

  const usableKey = (): PageKey => {
    if (!pageKey) throw new Error('This page has no key for the account.')
    return pageKey
  }
  const keptRental = async () => {
    const rental = await findRental(owner, database)
    if (!rental) throw new Error('This page has no session for the account.')
    return rental
  }

  const record = async (rental: Rental) => {
    const voucher = await coSign(owner, rental)
    await operate(`Record ${rental.signedTokens} co-signed tokens`, 'host', async () =>
      current?.update({ hash: await handIn(voucher) }),
    )
  }

  /** The voucher before may not have got through. */
  const catchUp = async (rental: Rental) => {
    const { provenTokens } = await owner.getSession(rental)
    if (provenTokens < rental.signedTokens) await record(rental)
  }

  return {
    address,
    storageKey: operations.storageKey,
    refresh,

    async takeUsdc() {
      await askServer('/faucet', { address })
      await refresh()
    },

    async postJobs(count: number) {
      const { by, client } = await signer()
      const title = count === 1 ? 'Post a job' : `Post ${count} jobs in one operation`
      const calls = Array.from({ length: count }, () => postJob.call(job))
      return operate(title, by, () => client.batchSync(calls))
    },

    async grant() {
      await grantPageKey(owner, database)
      await refresh()
    },
    revoke: () =>
      operate('Revoke the key of this page', 'passkey', () =>
        owner.revokeSessionSync(usableKey().grant),
      ),
    useRevoked: () =>
      operate('Post a job with the revoked key', 'key of this page', () =>
        usableKey().client.postJobSync(job),
      ),

    async openSession() {
      const { by, client } = await signer()
      await operate('Open a session', by, () => openRental(client, database))
    },
    async ask(prompt: string) {
      const rental = await keptRental()
      await catchUp(rental)
      const asked = await ask(owner, database, rental, prompt)
      await refresh()
      await record(asked)
    },
    async endSession() {
      const { by, client } = await signer()
      const rental = await keptRental()
      const { status } = await owner.getSession(rental)
      if (status === 'active') await catchUp(rental)
      if (status === 'active')
        await operate('End the session', by, () => client.completeSessionSync(rental))
      if (status !== 'settled')
        await operate('Settle the session', 'host', async () =>
          current?.update({ hash: await settle(rental) }),
        )
      await forgetRental(owner, database)
      await refresh()
    },
    async registerHost() {
      await askServer('/faucet', { address, stake: true })
      await operate('Stake 1,000 FAB and register', 'passkey', () =>
        owner.registerHostSync({ models: [job.model], region: 'us-west', stake: fab(1000) }),
      )
    },
    /** Claims a job that somebody has posted, hands in its result, and has it paid. */
    async work() {
      const { by, client } = await signer()
      const posted = await askServer<{ jobId: string }>('/renter/job')
      const jobId = BigInt(posted.jobId)
      await operate(`Claim job ${jobId}`, by, () => client.claimJobSync({ jobId }))
      await operate(`Hand in the result of job ${jobId}`, by, () =>
        client.submitResultSync({ jobId, resultCid: 'bafyresult' }),
      )
      await operate(`Pay for job ${jobId}`, 'renter', async () =>
        current?.update(await askServer<{ hash: Hash }>('/renter/release', posted)),
      )
    },
    async withdraw() {
      const { by, client } = await signer()
      await operate('Withdraw from the market', by, () => client.withdrawSync({ token: 'usdc' }))
    },
  }
}

const job = { model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(1) } as const
