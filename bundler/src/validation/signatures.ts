import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Address } from 'viem'
import type { ChainReader, StateOverride } from '../chain/reader.ts'
import type { SimulatedValidation } from '../simulation/entryPointSimulation.ts'
import { rejectionOf } from '../simulation/rejection.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'

/** Only collects fees in a call that is never sent. */
const beneficiary: Address = '0x000000000000000000000000000000000000beef'

/** Rejects an operation whose account or paymaster did not accept its signature, or wants an aggregator. */
export async function checkSignatures(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  { account, paymaster }: SimulatedValidation,
  {
    reader,
    stateOverride = {},
  }: { reader: Pick<ChainReader, 'call'>; stateOverride?: StateOverride | undefined },
): Promise<void> {
  if (account.aggregator)
    throw new RpcError(
      rpcErrorCode.unsupportedAggregator,
      'signature aggregators are not supported',
      {
        entity: 'aggregator',
        aggregator: account.aggregator,
      },
    )
  if (paymaster.signatureFailed || paymaster.aggregator) throw signatureError('AA34')
  if (!account.signatureFailed) return
  if (entryPoint.supports.paymasterGasLimits || !op.paymaster) throw signatureError('AA24')

  // EntryPoint 0.6 returns both results intersected; the real call says whose signature it is.
  const result = await reader.call({
    to: entryPoint.address,
    data: entryPoint.encodeHandleOps([op], beneficiary),
    stateOverride,
  })
  if (result.ok) throw signatureError('AA24')
  const revert = entryPoint.decodeRevert(result.data)
  if (revert.kind === 'failedOp' && revert.aaCode === 'AA34') throw signatureError('AA34')
  if (revert.kind === 'failedOp' && revert.aaCode === 'AA24') throw signatureError('AA24')
  throw rejectionOf(revert, result.data)
}

function signatureError(aaCode: 'AA24' | 'AA34'): RpcError {
  return rejectionOf(
    { kind: 'failedOp', opIndex: 0, reason: `${aaCode} signature error`, aaCode, inner: undefined },
    '0x',
  )
}
