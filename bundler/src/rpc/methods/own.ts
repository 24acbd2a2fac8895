import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { RpcError, rpcErrorCode } from '../../types/rpcError.ts'
import type { Methods } from '../method.ts'
import { bytes, uint } from '../schemas/hex.ts'
import { invalidParam, parse } from '../schemas/parse.ts'
import { parseUserOperation } from '../schemas/userOperation.ts'
import { expectParams, parseEntryPoint, parseHash } from './params.ts'

export type OwnMethodDependencies = {
  entryPoints: readonly EntryPointAdapter[]
  /** Where an operation is and why, with amounts as bigint. */
  explain: (hash: Hex) => Promise<object>
  /** Takes a pending operation back; `false` when none with this hash is pending. */
  drop: (cancellation: { userOpHash: Hex; deadline: bigint; signature: Hex }) => Promise<boolean>
  /** Accepts an operation without fees. */
  admitBoosted: (op: UserOperation, entryPoint: EntryPointAdapter) => Promise<Hex>
  /** Senders that may pay no fees whoever hands in their operations. */
  boostSenders: ReadonlySet<Address>
}

/** Methods that no other bundler has, and `boost_sendUserOperation`. */
export function ownMethods(deps: OwnMethodDependencies): Methods {
  return {
    async bundler_explainUserOperation(params) {
      expectParams(params, 1)
      return toJson(await deps.explain(parseHash(params[0])))
    },
    async bundler_dropUserOperation(params) {
      expectParams(params, 3)
      return deps.drop({
        userOpHash: parseHash(params[0]),
        deadline: parse(uint(256), params[1], 'deadline'),
        signature: parse(bytes, params[2], 'signature'),
      })
    },
    async boost_sendUserOperation(params, caller) {
      expectParams(params, 2)
      const entryPoint = parseEntryPoint(params[1], deps.entryPoints)
      const op = parseUserOperation(params[0], entryPoint, 'send')
      if (!caller.boost && !deps.boostSenders.has(op.sender)) {
        throw new RpcError(
          rpcErrorCode.invalidParams,
          `neither sender ${op.sender} nor this API key may send operations without fees`,
          { rule: 'boost', entity: 'account', sender: op.sender },
        )
      }
      for (const field of ['maxFeePerGas', 'maxPriorityFeePerGas'] as const) {
        if (op[field] === 0n) continue
        throw invalidParam(
          `userOperation.${field}`,
          'must be 0x0 in a boosted operation',
          hex(op[field]),
        )
      }
      return deps.admitBoosted(op, entryPoint)
    },
  }
}

function hex(value: bigint): Hex {
  return `0x${value.toString(16)}`
}

/** bigint has no JSON form; as everywhere in this API it becomes a hex quantity. */
function toJson(value: object): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, field) => (typeof field === 'bigint' ? hex(field) : field)),
  )
}
