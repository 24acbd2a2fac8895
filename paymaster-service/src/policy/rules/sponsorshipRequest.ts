import type { Address, Hex } from 'viem'
import type { AccountCode, AccountStorage } from '../accounts/knownAccounts.ts'
import type { GasLimits, GasPast } from '../gas/unusedGas.ts'

/** What the rules look at, beside the caps. */
export type SponsorshipRequest = {
  chainId: number
  entryPoint: Address
  /** Unix seconds, as the chain counts them. */
  now: number
  /** HTTP `Origin` of who asks. */
  origin: string | undefined
  sender: Address
  nonce: bigint
  /** Contract that deploys the sender, or the EIP-7702 marker. */
  factory: Address | undefined
  factoryData: Hex | undefined
  /** EIP-7702 implementation that the sender runs. */
  delegate: Address | undefined
  /** `undefined` before the sender is deployed. */
  code: AccountCode | undefined
  /** Of the sender: what the policies ask for. */
  storage: AccountStorage
  /** Account that `factory` answers to deploy. */
  created: Address | undefined
  callData: Hex
  /** Wei. */
  maxFeePerGas: bigint
  gas: GasLimits
  /** What an estimate says that the operation needs, where there is one. */
  estimate: GasLimits | undefined
  /** The sender's included operations, as far as they are remembered. */
  gasPast: GasPast | undefined
}
