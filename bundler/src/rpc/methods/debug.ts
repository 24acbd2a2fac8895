import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { z } from 'zod'
import type { Methods } from '../method.ts'
import { bundleInterval, bundlingMode, configuration, reputations } from '../schemas/debug.ts'
import { address } from '../schemas/hex.ts'
import { invalidParam, parse } from '../schemas/parse.ts'
import { parseUserOperation } from '../schemas/userOperation.ts'
import { expectParams, parseEntryPoint } from './params.ts'

export type BundlingMode = 'auto' | 'manual'

/** Counters of an entity, and what they amount to. */
export type ReputationView = {
  address: Address
  opsSeen: bigint
  opsIncluded: bigint
  status: 'ok' | 'throttled' | 'banned'
}

/** Settings that can be changed while the bundler runs. */
export type DebugConfiguration = {
  /** Operations over which a bundle's fixed cost is spread in preVerificationGas. */
  expectedBundleSize?: bigint | undefined
}

export type DebugMethodDependencies = {
  entryPoints: readonly EntryPointAdapter[]
  /** Forgets pool, bundles in flight and reputation. */
  clearState: () => Promise<void>
  /** Forgets pool and bundles in flight. */
  clearMempool: () => Promise<void>
  pendingOperations: (entryPoint: EntryPointAdapter) => UserOperation[]
  /** Puts operations into the pool without validating them: all of them or none. */
  addOperations: (ops: readonly UserOperation[], entryPoint: EntryPointAdapter) => Promise<void>
  /** Sends what is pending; the hash of the first bundle's transaction, once all are on chain. */
  sendBundleNow: () => Promise<Hex | undefined>
  setBundlingMode: (mode: BundlingMode) => void
  /** @param milliseconds From an operation to its bundle; 0 bundles at once. */
  setBundleInterval: (milliseconds: number) => void
  setReputation: (
    entryPoint: EntryPointAdapter,
    entries: readonly Omit<ReputationView, 'status'>[],
  ) => Promise<void>
  reputation: (entryPoint: EntryPointAdapter) => ReputationView[]
  clearReputation: () => Promise<void>
  stakeOf: (
    entity: Address,
    entryPoint: EntryPointAdapter,
  ) => Promise<{ stake: bigint; unstakeDelaySec: bigint; isStaked: boolean }>
  configure: (settings: DebugConfiguration) => void
}

/**
 * `status` of a dumped entry. ERC-7769 has words for it; its test suite and every bundler that it is run
 * against read these numbers (decision 20).
 */
const statusNumber = { ok: '0x0', throttled: '0x1', banned: '0x2' } as const

/** `debug_bundler_*` of ERC-7769 and of its test suite, for tests. Never on a public endpoint. */
export function debugMethods(deps: DebugMethodDependencies): Methods {
  const { entryPoints } = deps
  return {
    async debug_bundler_clearState(params) {
      expectParams(params, 0)
      await deps.clearState()
      return 'ok'
    },
    async debug_bundler_clearMempool(params) {
      expectParams(params, 0)
      await deps.clearMempool()
      return 'ok'
    },
    async debug_bundler_dumpMempool(params) {
      expectParams(params, 1)
      const entryPoint = parseEntryPoint(params[0], entryPoints)
      return deps.pendingOperations(entryPoint).map((op) => entryPoint.toRpc(op))
    },
    async debug_bundler_addUserOps(params) {
      expectParams(params, 1, 2)
      // ERC-7769 names no EntryPoint here: then it is the preferred one.
      const preferred = params[1] ?? entryPoints[0]?.address
      const entryPoint = parseEntryPoint(preferred, entryPoints)
      const ops = parse(z.array(z.unknown()), params[0], 'userOps')
      await deps.addOperations(
        ops.map((op) => parseUserOperation(op, entryPoint, 'send')),
        entryPoint,
      )
      return 'ok'
    },
    async debug_bundler_sendBundleNow(params) {
      expectParams(params, 0)
      // Nothing to send is a success, too.
      return (await deps.sendBundleNow()) ?? 'ok'
    },
    async debug_bundler_setBundlingMode(params) {
      expectParams(params, 1)
      deps.setBundlingMode(parse(bundlingMode, params[0], 'mode'))
      return 'ok'
    },
    async debug_bundler_setBundleInterval(params) {
      expectParams(params, 1)
      const interval = parse(bundleInterval, params[0], 'interval')
      if (interval === 'manual') deps.setBundlingMode('manual')
      else {
        deps.setBundleInterval(interval === 'auto' ? 0 : Math.round(interval * 1_000))
        deps.setBundlingMode('auto')
      }
      return 'ok'
    },
    async debug_bundler_setReputation(params) {
      expectParams(params, 2)
      const entryPoint = parseEntryPoint(params[1], entryPoints)
      const unknown = 'is not a field of a reputation entry'
      const entries = parse(reputations, params[0], 'reputations', unknown)
      await deps.setReputation(
        entryPoint,
        entries.map(({ status: _, ...counters }) => counters),
      )
      return 'ok'
    },
    async debug_bundler_dumpReputation(params) {
      expectParams(params, 1)
      const entries = deps.reputation(parseEntryPoint(params[0], entryPoints))
      return entries.map(({ address, opsSeen, opsIncluded, status }) => ({
        address,
        opsSeen: `0x${opsSeen.toString(16)}`,
        opsIncluded: `0x${opsIncluded.toString(16)}`,
        status: statusNumber[status],
      }))
    },
    async debug_bundler_clearReputation(params) {
      expectParams(params, 0)
      await deps.clearReputation()
      return 'ok'
    },
    async debug_bundler_getStakeStatus(params) {
      expectParams(params, 2)
      const entryPoint = parseEntryPoint(params[1], entryPoints)
      const entity = parse(address, params[0], 'address')
      const { stake, unstakeDelaySec, isStaked } = await deps.stakeOf(entity, entryPoint)
      // Decimal, as the test suite of ERC-7769 compares them.
      return {
        stakeInfo: {
          addr: entity,
          stake: stake.toString(),
          unstakeDelaySec: unstakeDelaySec.toString(),
        },
        isStaked,
      }
    },
    async debug_bundler_setConfiguration(params) {
      expectParams(params, 1)
      const known = Object.keys(configuration.shape).join(', ')
      const unknown = `cannot be set while the bundler runs, only ${known} can`
      const settings = parse(configuration, params[0], 'configuration', unknown)
      if (Object.keys(settings).length === 0)
        throw invalidParam('configuration', `must set ${known}`)
      deps.configure(settings)
      return 'ok'
    },
  }
}
