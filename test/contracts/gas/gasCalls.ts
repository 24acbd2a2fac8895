import {
  fabstirAccountAbi,
  fabTokenAbi,
  jobMarketplaceAbi,
  nodeRegistryAbi,
  testUsdcAbi,
} from '@fabstir/contracts/abi'
import {
  type Abi,
  type Address,
  encodeFunctionData,
  type Hex,
  toFunctionSelector,
  zeroAddress,
} from 'viem'
import { type Call, type GasAccount, measuredFrom } from './gasAccount.ts'
import type { GasChain } from './gasChain.ts'

/** Selector of a function of marketplace, registry or token that has one form only. */
export const selectorOf = (functionName: string): Hex => {
  const item = [...jobMarketplaceAbi, ...nodeRegistryAbi, ...testUsdcAbi].find(
    (one) => one.type === 'function' && one.name === functionName,
  )
  if (item?.type !== 'function') throw new RangeError(functionName)
  return toFunctionSelector(item)
}

export type Pin = { target: Address; selector: Hex; index: number; allowed: readonly Hex[] }

/** Only `to` may receive transfers of `token`. */
export const recipientPin = (token: Address, to: Address): Pin => ({
  target: token,
  selector: selectorOf('transfer'),
  index: 0,
  allowed: [`0x${'00'.repeat(12)}${to.slice(2)}`],
})

export type Policy = ReturnType<ReturnType<typeof gasCalls>['policy']>

export const grantData = (policy: Policy): Hex =>
  encodeFunctionData({
    abi: fabstirAccountAbi,
    functionName: 'addSessionKeyWithPolicy',
    args: [policy],
  })

/** Calls and grants for the contracts of one chain. */
export function gasCalls({ book }: Pick<GasChain, 'book'>) {
  const paymaster = book.deployments[0]?.sponsorPaymaster ?? zeroAddress
  const call =
    (to: Address, abi: Abi) =>
    (functionName: string, args: readonly unknown[], value = 0n): Call => ({
      to,
      value,
      data: encodeFunctionData({ abi, functionName, args }),
    })
  return {
    market: call(book.marketplace, jobMarketplaceAbi),
    registry: call(book.registry, nodeRegistryAbi),
    usdc: call(book.usdc, testUsdcAbi),
    approve: (token: Address, spender: Address, amount: bigint) =>
      call(token, fabTokenAbi)('approve', [spender, amount]),
    /** Paid by the sponsor, for a day and a thousand uses. */
    policy: (
      account: GasAccount,
      calls: readonly { target: Address; selector: Hex }[],
      limits: readonly { token: Address; perCall: bigint; total: bigint }[],
      { key = account.key.address, pins = [] }: { key?: Address; pins?: readonly Pin[] } = {},
    ) => ({
      key,
      validAfter: 0,
      validUntil: measuredFrom + 86_400,
      uses: 1_000,
      calls,
      limits,
      pins,
      payers: [paymaster],
      maxGasCost: 0n,
    }),
  }
}
