import { fabstirAccountAbi, jobMarketplaceAbi, nodeRegistryAbi } from '@fabstir/contracts/abi'
import type { Abi, AbiFunction, Address } from 'viem'
import { BaseError, ContractFunctionRevertedError, toFunctionSelector } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newAccount, type Stack, startStack, type TestAccount } from '../system/paymasterFixture.ts'
import { transact } from './rulesFixture.ts'

/** granted: as it is; pinned: with an argument fixed by the owner; refused: never. */
type Decision = 'granted' | 'pinned' | 'refused'

/**
 * What a session key may be granted of the marketplace. A function that is not listed here fails the test: decide as
 * the attacker who holds a key, and teach the account's SpendDecoder what it takes.
 */
const marketplaceDecisions: Record<string, Decision> = {
  // Spends what the calldata names, which is booked.
  createSessionJob: 'granted',
  createSessionJobWithToken: 'granted',
  createSession: 'granted',
  createSessionWithQuote: 'granted',
  createSessionFromDeposit: 'granted',
  depositPrepaid: 'granted',
  postJob: 'granted',
  postJobWithToken: 'granted',
  createJob: 'granted',
  // Moves nothing from the account, or only to it.
  claimJob: 'granted',
  completeJob: 'granted',
  submitResult: 'granted',
  cancelJob: 'granted',
  claimExpired: 'granted',
  'autoRelease(uint256)': 'granted',
  submitProofOfWork: 'granted',
  submitCheckpoint: 'granted',
  submitBatchProofs: 'granted',
  completeSessionJob: 'granted',
  settleSession: 'granted',
  settleSessionWithVoucher: 'granted',
  settleMany: 'granted',
  claimWithProof: 'granted',
  claimAbandonedSession: 'granted',
  finalizeSession: 'granted',
  triggerSessionTimeout: 'granted',
  'withdraw(address)': 'granted',
  withdrawAll: 'granted',
  // To the account only; of jobs that the owner names.
  'withdraw(address,address)': 'pinned',
  releasePayment: 'pinned',
  completeSessionWithFinal: 'pinned',
  // Gives away who signs for deposits, a bond, or what is escrowed.
  setDefaultCoSigner: 'refused',
  setCoSigner: 'refused',
  abandonClaim: 'refused',
  disputeResult: 'refused',
  disputeEscrow: 'refused',
  challengeAttestedWork: 'refused',
  releaseEscrow: 'refused',
  // Another name of what is granted by the id of the job.
  'autoRelease(bytes32)': 'refused',
  // Of nobody's key: anyone, the arbiter, the neighbours.
  distributeFees: 'refused',
  resolveStale: 'refused',
  resolveDispute: 'refused',
  decideAttestedWork: 'refused',
  rejectResult: 'refused',
}

/** The same of the registry. What it pulls is FAB, which its calldata does not name. */
const registryDecisions: Record<string, Decision> = {
  requestUnstake: 'granted',
  withdrawUnstaked: 'granted',
  unregisterNode: 'granted',
  updateMetadata: 'granted',
  setAccepting: 'granted',
  setModels: 'granted',
  setPrice: 'granted',
  setMaxSessions: 'granted',
  registerNode: 'refused',
  stake: 'refused',
  registerControlledNode: 'refused',
  // Hands the node to a controller.
  acceptControl: 'refused',
  cancelControlledNode: 'refused',
  stakeControlled: 'refused',
  requestUnstakeControlled: 'refused',
  withdrawControlled: 'refused',
  unregisterControlledNode: 'refused',
  claimSlashed: 'refused',
  forfeitClaimBond: 'refused',
  slash: 'refused',
}

/** Functions of governance, guardian, deployment and migration: refused, whatever their name. */
const governed =
  /^(set(?!Models|Price|MaxSessions|Accepting|CoSigner|DefaultCoSigner)[A-Z]\w*|initialize\w*|upgradeToAndCall|transferOwnership|acceptOwnership|renounceOwnership|import\w+|close\w+|pause\w*|unpause\w*|emergencyPause|sweepSurplus|record\w+)$/

let stack: Stack
let account: TestAccount
beforeAll(async () => {
  stack = await startStack()
  account = await newAccount(stack, entryPoint08Address)
  await transact(stack, { to: account.factory, data: account.factoryData })
})
afterAll(async () => {
  await stack.anvil.stop()
})

test.each([
  { name: 'marketplace', abi: jobMarketplaceAbi as Abi, decisions: marketplaceDecisions },
  { name: 'registry', abi: nodeRegistryAbi as Abi, decisions: registryDecisions },
] as const)(
  'every function of the $name is granted to session keys by decision',
  async ({ name, abi, decisions }) => {
    const found: Record<string, Decision> = {}
    const expected: Record<string, Decision | 'undecided'> = {}
    const functions = abi.filter(
      (item): item is AbiFunction =>
        item.type === 'function' && !['view', 'pure'].includes(item.stateMutability),
    )
    for (const item of functions) {
      const overloaded = functions.filter((other) => other.name === item.name).length > 1
      const key = overloaded
        ? `${item.name}(${item.inputs.map(({ type }) => type).join()})`
        : item.name
      expected[key] = governed.test(item.name) ? 'refused' : (decisions[key] ?? 'undecided')
      found[key] = await decisionOf(stack.contracts[name], item)
    }
    expect(Object.keys(found).length).toBeGreaterThan(10)
    expect(found).toEqual(expected)
  },
)

/** What the account answers to a grant of exactly this function. */
async function decisionOf(target: Address, item: AbiFunction): Promise<Decision> {
  const policy = {
    key: '0x00000000000000000000000000000000000000cc',
    validAfter: 0,
    validUntil: Math.floor(Date.now() / 1000) + 3_600,
    uses: 1,
    calls: [{ target, selector: toFunctionSelector(item) }],
    limits: [],
    pins: [],
    payers: [],
    maxGasCost: 1n,
  } as const
  try {
    await stack.client.simulateContract({
      account: account.owner.address,
      address: account.address,
      abi: fabstirAccountAbi,
      functionName: 'addSessionKeyWithPolicy',
      args: [policy],
    })
    return 'granted'
  } catch (error) {
    if (!(error instanceof BaseError)) throw error
    const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError)
    const field =
      reverted instanceof ContractFunctionRevertedError ? reverted.data?.args?.[0] : undefined
    if (field === 'pins.required') return 'pinned'
    if (field === 'calls.selector') return 'refused'
    throw error
  }
}
