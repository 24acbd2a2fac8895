import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { z } from 'zod'
import type { Methods } from '../method.ts'
import { parse } from '../schemas/parse.ts'
import { expectParams, parseEntryPoint } from './params.ts'

export type BundlingMode = 'auto' | 'manual'

export type DebugMethodDependencies = {
  entryPoints: readonly EntryPointAdapter[]
  /** Forgets pool, bundles in flight and reputation. */
  clearState: () => Promise<void>
  pendingOperations: (entryPoint: EntryPointAdapter) => UserOperation[]
  /** Sends what is pending; the hash of the first bundle's transaction, once it is on chain. */
  sendBundleNow: () => Promise<Hex | null>
  setBundlingMode: (mode: BundlingMode) => void
}

const bundlingMode = z.enum(['auto', 'manual'], { error: 'must be auto or manual' })

/** `debug_bundler_*` of ERC-7769, for tests. Never on a public endpoint. */
export function debugMethods(deps: DebugMethodDependencies): Methods {
  return {
    async debug_bundler_clearState(params) {
      expectParams(params, 0)
      await deps.clearState()
      return 'ok'
    },
    async debug_bundler_dumpMempool(params) {
      expectParams(params, 1)
      const entryPoint = parseEntryPoint(params[0], deps.entryPoints)
      return deps.pendingOperations(entryPoint).map((op) => entryPoint.toRpc(op))
    },
    async debug_bundler_sendBundleNow(params) {
      expectParams(params, 0)
      return deps.sendBundleNow()
    },
    async debug_bundler_setBundlingMode(params) {
      expectParams(params, 1)
      deps.setBundlingMode(parse(bundlingMode, params[0], 'mode'))
      return 'ok'
    },
  }
}
