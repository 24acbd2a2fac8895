import type { Address, Hex, SignedAuthorization } from 'viem'
import { keccak256 } from 'viem'
import type { BundleTransaction } from '../types/bundle.ts'
import type { Fees } from './bundleFees.ts'
import type { Executor } from './executorPool.ts'

/** What a bundle's transaction does: `handleOps`, or nothing when it only cancels. */
export type TransactionContent = {
  to: Address
  data: Hex
  /** Wei. */
  value?: bigint
  gas: bigint
  authorizations: SignedAuthorization[]
  operations: Hex[]
}

/** A transfer of nothing to oneself: frees a nonce whose operations are all gone. */
export function cancellation(executor: Address): TransactionContent {
  return { to: executor, data: '0x', gas: 21_000n, authorizations: [], operations: [] }
}

/** Signs one transaction of a bundle. */
export async function signTransaction(
  content: TransactionContent,
  params: { chainId: number; executor: Pick<Executor, 'account'>; nonce: number; fees: Fees },
): Promise<BundleTransaction> {
  const { chainId, executor, nonce, fees } = params
  const { to, data, gas, value } = content
  const fields = { chainId, nonce, ...fees, to, data, gas, ...(value !== undefined && { value }) }
  const raw = await executor.account.signTransaction(
    content.authorizations.length > 0
      ? { ...fields, type: 'eip7702', authorizationList: content.authorizations }
      : { ...fields, type: 'eip1559' },
  )
  return { hash: keccak256(raw), raw, ...fees, operations: content.operations }
}
