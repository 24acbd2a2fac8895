import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { getAddress } from 'viem'
import {
  type EntityKind,
  erc7562Violations,
  tracedEntities,
  type ValidationScene,
  type Violation,
} from './erc7562.ts'
import { type ValidationTrace, validationTracer } from './validationTracer.ts'

export type TracedChain = {
  client: { getCode(parameters: { address: Address }): Promise<Hex | undefined> }
  rpcUrl: string
  /** Sends the bundle. */
  bundler: Address
}

export type TracedValidation = {
  violations: Violation[]
  /** Entities whose validation ran. */
  entities: Set<EntityKind>
  /** The bundle was accepted as a whole. */
  accepted: boolean
}

/** Runs `handleOps` with `op` alone and checks its validation frames against ERC-7562. */
export async function traceValidation(
  { client, rpcUrl, bundler }: TracedChain,
  entryPoint: EntryPointAdapter,
  op: UserOperation,
  staked: readonly EntityKind[] = [],
): Promise<TracedValidation> {
  const data = entryPoint.encodeHandleOps([op], bundler)
  const call = { from: bundler, to: entryPoint.address, data, gas: '0x1c9c380' }
  const trace = await debugTrace(rpcUrl, [call, 'latest', { tracer: validationTracer }])
  const touched = trace.frames.flatMap((frame) => frame.touched.map(({ address }) => address))
  const withCode = new Set<Address>()
  for (const address of new Set(touched)) {
    if (await client.getCode({ address })) withCode.add(getAddress(address))
  }
  const scene: ValidationScene = {
    entryPoint: entryPoint.address,
    sender: op.sender,
    deploys: op.factory !== undefined,
    factory: op.factory,
    paymaster: op.paymaster,
    staked,
    hasCode: (address) => withCode.has(getAddress(address)),
  }
  return {
    violations: erc7562Violations(trace, scene),
    entities: tracedEntities(trace, scene),
    accepted: !trace.failed,
  }
}

async function debugTrace(rpcUrl: string, params: unknown[]): Promise<ValidationTrace> {
  const response = await fetch(rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'debug_traceCall', params }),
  })
  const { result, error } = (await response.json()) as {
    result?: ValidationTrace
    error?: { message: string }
  }
  if (!result) throw new Error(`debug_traceCall: ${error?.message}`)
  return result
}
