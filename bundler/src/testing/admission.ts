import { defaultEntryPoint } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { toFunctionSelector } from 'viem'
import { vi } from 'vitest'
import { createAdmission } from '../pipeline/admit.ts'
import { createMemoryStore } from '../store/memory/memoryStore.ts'
import type { Store } from '../store/store.ts'
import type { Validator } from '../validation/validate.ts'
import { testMempool, testReputation, testStakePolicy } from './pool.ts'
import { testAddress, testOperation } from './pooledOperation.ts'

const entryPoint = defaultEntryPoint.address
const sender = { address: testAddress(1), stake: 0n, unstakeDelaySec: 0n }
/** Finds every operation valid, of a sender without stake. */
export const valid: Validator['validate'] = async () => ({
  blockNumber: 10,
  preOpGas: 1n,
  prefund: 1_000n,
  validAfter: 0,
  validUntil: 0,
  entities: { sender },
})
/** The same, of a sender that is staked. */
export const staked: Validator['validate'] = async (...args) => ({
  ...(await valid(...args)),
  entities: {
    sender: {
      ...sender,
      stake: testStakePolicy.minStake,
      unstakeDelaySec: testStakePolicy.minUnstakeDelay,
    },
  },
})

/** Admission to a pool of its own; `run` sends an operation with the given fields. */
export function testAdmission(
  parts: {
    validate?: Validator['validate']
    commit?: Store['commit']
    /** Operations of senders and paymasters seen so far, none of them included. */
    seen?: Record<Address, bigint>
    deposit?: bigint
    /** The next nonce on chain, of every sender and key. */
    nextNonce?: bigint
    maxOperations?: number
  } = {},
) {
  const store = createMemoryStore()
  const mempool = testMempool({ maxOperations: parts.maxOperations ?? 10 })
  const reputation = testReputation()
  const seen = Object.entries(parts.seen ?? {}) as [Address, bigint][]
  reputation.set(
    seen.map(([address, opsSeen]) => ({ entryPoint, address, opsSeen, opsIncluded: 0n, hour: 0 })),
  )
  const onUpdates = vi.fn()
  const { deposit } = parts
  const validate = vi.fn<Validator['validate']>(async (...args) => ({
    ...(await (parts.validate ?? valid)(...args)),
    ...(deposit !== undefined && { paymasterDeposit: deposit }),
  }))
  const onAdmitted = vi.fn()
  const word = (value = 0n): Hex => `0x${value.toString(16).padStart(64, '0')}`
  const isNonceCall = (data: Hex) =>
    data.startsWith(toFunctionSelector('getNonce(address,uint192)'))
  const admit = createAdmission({
    chainId: 31_337,
    reader: {
      call: async ({ data }) => ({
        ok: true,
        data: word(isNonceCall(data) ? parts.nextNonce : 0n),
      }),
    },
    validator: { validate },
    mempool,
    reputation,
    stakePolicy: testStakePolicy,
    maxOperationsPerSender: 4,
    maxNoncesAhead: 3,
    head: () => ({ number: 10, baseFeePerGas: 0n }),
    store: { commit: parts.commit ?? store.commit },
    maxBundleGas: () => 1n << 24n,
    now: () => 1,
    onAdmitted,
    onUpdates,
  })
  const run = (fields: Parameters<typeof testOperation>[0] = {}) =>
    admit(testOperation(fields), defaultEntryPoint)
  const opsSeen = () =>
    Object.fromEntries(
      reputation.entries(entryPoint).map((entry) => [entry.address, entry.opsSeen]),
    )
  const ban = (address: Address) => reputation.apply(entryPoint, [{ address, effect: 'ban' }])
  return { run, store, mempool, validate, onAdmitted, onUpdates, opsSeen, ban }
}
