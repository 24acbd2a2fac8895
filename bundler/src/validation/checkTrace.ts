import type { EntryPointAdapter, StakeInfo, UserOperation } from '@fabstir/erc4337'
import { entitiesOf } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { size } from 'viem'
import type { ChainReader } from '../chain/reader.ts'
import type { SimulatedValidation } from '../simulation/entryPointSimulation.ts'
import { simulationOf } from '../simulation/simulations.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import type { StakePolicy } from '../types/stakePolicy.ts'
import type { ValidationRecord } from '../types/validationRecord.ts'
import { erc7562Violations, tracedEntities } from './erc7562/checkRules.ts'
import { entityFrames } from './erc7562/entityFrames.ts'
import { isPrecompile } from './erc7562/precompiles.ts'
import type { EntityKind, Scene, Violation } from './erc7562/scene.ts'
import { lower } from './erc7562/scene.ts'
import type { EntityStakes } from './erc7562/stakes.ts'
import { stakedEntities } from './erc7562/stakes.ts'
import { violationError } from './erc7562/violationError.ts'
import type { Code, CodeCache } from './record/codeCache.ts'
import { makeRecord } from './record/makeRecord.ts'
import { readCodes } from './record/readCodes.ts'
import type { ValidationTrace } from './trace/trace.ts'

export type CheckedTrace = {
  op: UserOperation
  entryPoint: EntryPointAdapter
  trace: ValidationTrace
  simulated: SimulatedValidation
  /** Code of the entities, by address in lower case. */
  codes: ReadonlyMap<Address, Code>
}

export type RuleDependencies = {
  stakePolicy: StakePolicy
  cache: CodeCache
  reader: Pick<ChainReader, 'call'>
}

/**
 * Holds a validation against ERC-7562.
 * @returns What is locked in the EntryPoint, and what the validation depended on.
 * @throws RpcError -32502 or -32505, naming rule, entity and numbers; -32000 when the trace does not show
 * the validation.
 */
export async function checkTrace(
  checked: CheckedTrace,
  { stakePolicy, cache, reader }: RuleDependencies,
): Promise<{ stakes: EntityStakes; record: ValidationRecord }> {
  const { op, entryPoint, trace, simulated } = checked
  const stakes = lockedStakes(checked)
  const staked = stakedEntities(stakes, stakePolicy)
  const entities = Object.fromEntries(
    Object.entries(entitiesOf(op)).map(([kind, address]) => [kind, lower(address)]),
  ) as Scene['entities']
  const contextSize = size(simulated.paymasterContext)
  const scene = (codes: ReadonlyMap<Address, Code>): Scene => ({
    entryPoint: lower(entryPoint.address),
    entities,
    staked,
    delegated: new Set(
      [...codes].flatMap(([address, code]) => (code.isDelegation ? [address] : [])),
    ),
  })
  const refuse = (violations: readonly Violation[]) => {
    const [first, ...rest] = violations
    if (first) throw violationError([first, ...rest], { entities }, stakes, stakePolicy)
  }
  requireValidation(trace, scene(checked.codes))
  // Most refusals need no more than what is known.
  const known = scene(checked.codes)
  refuse(erc7562Violations(trace, known, contextSize))

  const frames = entityFrames(trace.frames, known)
  const visited = new Set<Address>(Object.values(entities))
  for (const { frame } of frames) {
    for (const { address } of frame.touched) visited.add(lower(address))
  }
  visited.delete(known.entryPoint)
  // The bundle brings the delegation of this sender along, with a nonce of its own.
  if (op.eip7702Auth) visited.delete(entities.account)
  const missing = [...visited].filter(
    (address) => !isPrecompile(address) && !checked.codes.has(address),
  )
  const codes = new Map([...checked.codes, ...(await readCodes(missing, cache, reader))])
  const complete = scene(codes)
  if (complete.delegated.size > known.delegated.size) {
    refuse(erc7562Violations(trace, complete, contextSize))
  }
  const record = makeRecord({
    trace,
    frames,
    scene: known,
    codes,
    entryPointSlots: entryPointSlots(checked, stakes, staked),
    staked: [...staked],
    contextSize,
  })
  return { stakes, record }
}

/** Rules find nothing in frames that are not there. A factory need not run (EntryPoint 0.9). */
function requireValidation(
  { frames }: Pick<ValidationTrace, 'frames'>,
  scene: Pick<Scene, 'entryPoint' | 'entities'>,
): void {
  const traced = tracedEntities(frames, scene)
  for (const entity of ['account', 'paymaster'] as const) {
    if (scene.entities[entity] === undefined || traced.has(entity)) continue
    throw new RpcError(
      rpcErrorCode.nodeUnavailable,
      `the trace does not show the validation by the ${entity}`,
      { reason: 'malformedTrace', entity },
    )
  }
}

/** Stakes as the EntryPoint tells them; one that was unlocked is none. */
function lockedStakes({ op, entryPoint, simulated, trace }: CheckedTrace): EntityStakes {
  const { account, factory, paymaster } = entitiesOf(op)
  const { slot, isLocked } = simulationOf(entryPoint).stakeLock
  const values = new Map<Hex, Hex>()
  for (const read of trace.slotValues) {
    if (lower(read.address) === lower(entryPoint.address)) values.set(lower(read.slot), read.value)
  }
  const locked = (
    address: Address,
    stake: Pick<StakeInfo, 'stake' | 'unstakeDelaySec'>,
  ): StakeInfo => {
    const value = stake.stake > 0n ? values.get(lower(slot(address))) : undefined
    return value !== undefined && isLocked(value)
      ? { address, stake: stake.stake, unstakeDelaySec: stake.unstakeDelaySec }
      : { address, stake: 0n, unstakeDelaySec: 0n }
  }
  return {
    account: locked(account, simulated.senderStake),
    ...(factory && { factory: locked(factory, simulated.factoryStake) }),
    ...(paymaster && { paymaster: locked(paymaster, simulated.paymasterStake) }),
  }
}

/** What entities notice of the EntryPoint's storage: the sender's deposit, and the stakes that rules count on. */
function entryPointSlots(
  { op, entryPoint }: CheckedTrace,
  stakes: EntityStakes,
  staked: ReadonlySet<EntityKind>,
): Set<Hex> {
  const { depositSlot, stakeLock } = simulationOf(entryPoint)
  const slots = new Set([lower(depositSlot(op.sender))])
  for (const kind of staked) {
    const stake = stakes[kind]
    if (stake) slots.add(lower(stakeLock.slot(stake.address)))
  }
  return slots
}
