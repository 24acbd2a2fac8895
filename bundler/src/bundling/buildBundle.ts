import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { Address, Hex, SignedAuthorization } from 'viem'
import type { Block } from '../chain/block.ts'
import { isBehind, staleNode } from '../chain/blockGuard.ts'
import type { ChainReader } from '../chain/reader.ts'
import { createRequestBatch } from '../chain/requestBatch.ts'
import type { CurrentState } from '../chain/stateProbe.ts'
import { stateProbe } from '../chain/stateProbe.ts'
import type { TransactionConditions } from '../chain/transactionSender.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import type { ValidationChange } from '../types/validationRecord.ts'
import { authorizedSenders, checkAuthorizations, withOneDelegate } from './authorizations.ts'
import { handleOpsGas, transactionGasUsed } from './bundleGas.ts'
import type { DryRunResult, OperationFailure } from './dryRun.ts'
import { dryRun } from './dryRun.ts'
import type { SecondValidation } from './secondValidation.ts'

export type BuildDependencies = {
  reader: Pick<ChainReader, 'batch'>
  secondValidation: SecondValidation
  /** Code of an EntryPoint that a contract may call, where its own cannot be. */
  callableCode: (entryPoint: Address) => Hex | undefined
  /** Whether the EVM tells the number of its block, so that replicas that lag are found out. */
  tellsBlockNumber: boolean
}

export type BundleToBuild = {
  entryPoint: EntryPointAdapter
  operations: readonly PooledOperation[]
  executor: Address
  /** Newest settled block: what the node says must not be older. */
  head: Pick<Block, 'number' | 'hash' | 'parentHash' | 'baseFeePerGas'>
}

/** A `handleOps` call that was seen to pass. */
export type BundleCall = {
  entryPoint: EntryPointAdapter
  operations: PooledOperation[]
  data: Hex
  /** Gas limit. */
  gas: bigint
  authorizations: SignedAuthorization[]
  /** State without which it should not be included; absent when unknown. */
  conditions: TransactionConditions | undefined
  /** Gas that the transaction used in the dry run, before refunds. */
  gasUsed: bigint
  /** Wei that the executor got in it. */
  paid: bigint
  /** Wei per gas, in the block of the dry run. */
  baseFee: bigint
}

export type BuiltBundle = {
  /** Absent when no operation passed. */
  call: BundleCall | undefined
  failures: OperationFailure[]
  /** They fail only together with others: each is to go alone. */
  inCompany: OperationFailure[]
  /** Not judged in this bundle. */
  undecided: PooledOperation[]
  /** Number of the newest block that was looked at; absent where the EVM does not tell it. */
  seenBlock: number | undefined
  /** Operations that were validated again and passed. */
  revalidated: RevalidatedOperation[]
  /** The EntryPoint reverted because of one of them. */
  reverted: boolean
}

export type RevalidatedOperation = { operation: PooledOperation; change: ValidationChange }

/** Rounds for one bundle: one, and another when operations had to be left out that had passed. */
const MAX_ROUNDS = 3
/** Answers that may come from a replica that lags before the bundle is given up for now. */
const MAX_STALE = 3
/** Times the base fee is the gas price of the call: enough for a dozen full blocks not seen here yet. */
const FEE_MARGIN = 4n

/**
 * Makes the `handleOps` call of a bundle out of selected operations; the executor is the beneficiary.
 * One HTTP body asks for everything: the dry run, and the state that decides whether a second
 * validation can be left out and which EIP-7702 authorizations still hold.
 * @throws RpcError `nodeUnavailable`, ChainError when the node refuses the call.
 */
export async function buildBundle(
  deps: BuildDependencies,
  bundle: BundleToBuild,
): Promise<BuiltBundle> {
  const built: BuiltBundle = {
    call: undefined,
    failures: [],
    inCompany: [],
    undecided: [],
    seenBlock: undefined,
    revalidated: [],
    reverted: false,
  }
  const revalidated = new Set<PooledOperation>()
  let operations = withOneDelegate(bundle.operations)
  let stale = 0

  for (let round = 0; operations.length > 0; round++) {
    if (round === MAX_ROUNDS) {
      built.undecided.push(...operations)
      return built
    }
    const { run, state } = await look(deps, { ...bundle, operations })
    const newest = Math.max(...operations.map(({ validatedAtBlock }) => validatedAtBlock ?? 0))
    const isStale = isBehind(run.seen, bundle.head) || run.seen.blockNumber < newest
    if (deps.tellsBlockNumber && isStale) {
      stale += 1
      if (stale === MAX_STALE) {
        throw staleNode(run.seen, { number: Math.max(newest, bundle.head.number) })
      }
      round -= 1
      continue
    }
    if (deps.tellsBlockNumber) {
      built.seenBlock = Math.max(built.seenBlock ?? 0, run.seen.blockNumber)
    }
    const { failures: outdated, authorizations } = checkAuthorizations(state, operations)
    const second = await revalidate(deps, run, { state, revalidated })
    const out = new Set([...outdated, ...second.failures].map(({ operation }) => operation))
    for (const operation of second.unclear) out.add(operation)
    const stays = ({ operation }: OperationFailure) => !out.has(operation)
    built.failures.push(...outdated, ...second.failures, ...run.failures.filter(stays))
    built.inCompany.push(...run.inCompany.filter(stays))
    built.revalidated.push(...second.passed)
    built.reverted ||= run.failures.length + run.inCompany.length > 0
    built.undecided.push(...second.unclear, ...run.undecided.filter((each) => !out.has(each)))
    operations = run.passing.filter((operation) => !out.has(operation))
    if (operations.length < run.passing.length) continue
    if (operations.length === 0) break
    const conditions = deps.secondValidation.conditions(operations, state)
    return { ...built, call: callOf({ ...bundle, operations, conditions }, run, authorizations) }
  }
  return built
}

/** One round trip: the dry run, and the state behind validations and authorizations. */
async function look(
  { reader, secondValidation, callableCode }: BuildDependencies,
  { entryPoint, operations, executor, head }: BundleToBuild,
): Promise<{ run: DryRunResult; state: CurrentState }> {
  const node = createRequestBatch(reader)
  const { slots, accounts } = secondValidation.query(operations)
  const senders = authorizedSenders(operations)
  const probe = stateProbe({ slots, accounts: [...accounts, ...senders], nonces: senders })
  const [run, ...answers] = await Promise.all([
    dryRun(node, {
      entryPoint,
      entryPointCode: callableCode(entryPoint.address),
      operations,
      executor,
      gasPrice: FEE_MARGIN * head.baseFeePerGas,
    }),
    ...probe.calls.map(node.call),
  ])
  return { run, state: probe.decode(answers) }
}

/** Validates again what passed and may come out differently, each operation once. */
async function revalidate(
  { secondValidation, tellsBlockNumber }: BuildDependencies,
  run: DryRunResult,
  { state, revalidated }: { state: CurrentState; revalidated: Set<PooledOperation> },
): Promise<{
  failures: OperationFailure[]
  unclear: PooledOperation[]
  passed: RevalidatedOperation[]
}> {
  const operations = [...run.passing, ...run.inCompany.map(({ operation }) => operation)]
  const fresh = operations.filter((operation) => !revalidated.has(operation))
  const changed = secondValidation.changed(fresh, state)
  const minBlock = tellsBlockNumber ? run.seen.blockNumber : 0
  for (const operation of operations) revalidated.add(operation)
  const verdicts = await Promise.all(
    changed.map((operation) => secondValidation.revalidate(operation, minBlock)),
  )
  const failures = changed.flatMap((operation, index): OperationFailure[] => {
    const verdict = verdicts[index]
    if (verdict?.verdict !== 'invalid') return []
    return [{ operation, reason: verdict.reason, phase: 'secondValidation' }]
  })
  const unclear = changed.filter((_, index) => verdicts[index]?.verdict === 'unclear')
  const passed = changed.flatMap((operation, index): RevalidatedOperation[] => {
    const verdict = verdicts[index]
    return verdict?.verdict === 'valid' && verdict.change
      ? [{ operation, change: verdict.change }]
      : []
  })
  return { failures, unclear, passed }
}

function callOf(
  {
    entryPoint,
    operations,
    executor,
    conditions,
  }: Pick<BundleToBuild, 'entryPoint' | 'executor'> & Pick<BundleCall, 'operations' | 'conditions'>,
  run: DryRunResult,
  authorizations: readonly SignedAuthorization[],
): BundleCall {
  const carried = new Set(operations.map(({ op }) => op.eip7702Auth))
  const needed = authorizations.filter((authorization) => carried.has(authorization))
  const data = entryPoint.encodeHandleOps(
    operations.map(({ op }) => op),
    executor,
  )
  return {
    entryPoint,
    operations,
    data,
    gas: handleOpsGas(entryPoint, operations),
    authorizations: needed,
    conditions,
    gasUsed: transactionGasUsed(data, {
      executed: run.gasUsed,
      authorizations: needed.length,
    }),
    paid: run.paid,
    baseFee: run.baseFee,
  }
}
