import { defaultEntryPoint } from '@fabstir/erc4337'
import type { SenderState } from '../chain/chainReader.ts'
import type { Policy } from '../policy/policy.ts'
import { parsePolicy } from '../policy/policy.ts'
import { noPrice } from '../price/priceSource.ts'
import { localSigner } from '../signing/signer.ts'
import { SponsorshipRefusedError } from '../sponsorship/errors.ts'
import type { SponsorParameters } from '../sponsorship/sponsor.ts'
import { createSponsor } from '../sponsorship/sponsor.ts'
import {
  testCaller,
  testChainId,
  testCode,
  testGate,
  testOperation,
  testPaymaster,
  testPolicy,
} from './fixtures.ts'
import { openTestLedger } from './ledgers.ts'

/** Unix seconds of its clock and its chain. */
export const sponsorNow = 1_700_000_000
/** A key in the process of the sponsor. */
export const sponsorSigner = localSigner(`0x${'5a'.repeat(32)}`)

/** A sponsor on a ledger in memory. */
export async function setUpSponsor(
  overrides: Partial<SponsorParameters> & {
    state?: Partial<SenderState>
    policies?: Policy[]
  } = {},
) {
  const { state, policies = [parsePolicy(testPolicy())], ...rest } = overrides
  const ledger = await openTestLedger('memory')
  const time = { now: sponsorNow }
  const sponsor = createSponsor({
    chainId: testChainId,
    chain: {
      senderState: async () => ({
        timestamp: sponsorNow,
        code: testCode,
        storage: new Map(),
        delegate: undefined,
        created: undefined,
        ...state,
      }),
    },
    ledger,
    signer: sponsorSigner,
    gate: testGate(sponsorNow),
    windowSeconds: 600,
    following: () => true,
    clock: () => time.now,
    price: noPrice,
    priceMaxAge: 600,
    ...rest,
  })
  const request = (op = testOperation()) => ({
    op,
    entryPoint: defaultEntryPoint,
    paymaster: testPaymaster,
    caller: testCaller,
    policies,
  })
  const usage = (policy = policies[0]) => {
    if (!policy) throw new RangeError('no policy')
    return ledger.budget(policy, time.now)
  }
  return { sponsor, request, usage, time, ledger }
}

/** Rules of the refusal that is expected, each with its policy. */
export const rulesOf = async (answer: Promise<unknown>) => {
  const error = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof SponsorshipRefusedError)) throw error ?? new Error('it was sponsored')
  return error.refusals.map(({ rule, policyId }) => `${policyId}: ${rule}`)
}
