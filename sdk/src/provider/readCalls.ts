import { BundleTooLargeError, isAddressEqual, UnauthorizedProviderError } from 'viem'
import type { AccountCall } from '../accounts/fabstir/executeData.ts'
import type { WriteClient } from '../types/client.ts'
import { invalidParams, readAddress, readBytes, readQuantity } from './params.ts'
import { reason } from './reason.ts'

/** A call as EIP-5792 and `eth_sendTransaction` have it. */
export function readCall(
  { to: to_, data, value }: Readonly<Record<string, unknown>>,
  field: string,
  { account }: WriteClient,
): AccountCall {
  if (to_ === undefined || to_ === null)
    throw invalidParams(`${field}.to`, 'is missing: the account calls contracts, it creates none')
  const call = {
    to: readAddress(to_, `${field}.to`),
    data: data === undefined ? '0x' : readBytes(data, `${field}.data`),
    value: value === undefined ? 0n : readQuantity(value, `${field}.value`),
  } as const
  // The account obeys its own calls as its owner's: session keys, modules, upgrades.
  if (isAddressEqual(call.to, account.address) && call.data !== '0x')
    throw new UnauthorizedProviderError(
      reason(
        `${field} calls the account itself, which no app may: ask for wallet_requestExecutionPermissions.`,
      ),
    )
  return call
}

/** Refuses (5740) more calls than the wallet takes at once. */
export function assertBatchSize(count: number, maximum: number): void {
  if (count > maximum)
    throw new BundleTooLargeError(
      reason(`The wallet takes ${maximum} calls at once, not ${count}.`),
    )
}
