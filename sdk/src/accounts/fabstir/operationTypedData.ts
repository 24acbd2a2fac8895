import type { Address } from 'viem'
import {
  getUserOperationTypedData,
  type SmartAccount,
  type UserOperation,
} from 'viem/account-abstraction'

/**
 * What a key signs of an operation: the EIP-712 data of EntryPoint 0.8 and later.
 * @param operation As viem hands it to `signUserOperation`; `chainId` there goes before that of the account.
 */
export const operationTypedData = (
  { chainId, ...operation }: Parameters<SmartAccount['signUserOperation']>[0],
  account: { address: Address; chainId: number; entryPoint: { address: Address } },
) =>
  getUserOperationTypedData({
    chainId: chainId ?? account.chainId,
    entryPointAddress: account.entryPoint.address,
    userOperation: { ...(operation as UserOperation<'0.8'>), sender: account.address },
  })
