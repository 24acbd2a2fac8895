import type { Address, Hex } from 'viem'
import type { StateOverride } from '../../../../chain/reader.ts'
import type { ValidationTrace } from '../../trace.ts'
import type { StateView } from '../state/stateView.ts'

/** What the EVM of the chain can do, as the node showed it. */
export type EvmRules = {
  chainId: number
  fork: 'paris' | 'shanghai' | 'cancun' | 'prague' | 'osaka'
  /** Gas of P256VERIFY at 0x100 (RIP-7212: 3450, EIP-7951: 6900); absent where the chain has none. */
  p256VerifyGas?: bigint
}

/** What the block opcodes answer in an `eth_call` at the block. */
export type BlockEnvironment = {
  number: bigint
  /** Unix seconds. */
  timestamp: bigint
  coinbase: Address
  prevRandao: Hex
  gasLimit: bigint
  /** Wei per gas. */
  baseFee: bigint
  /** Wei per blob gas; 0 before Cancun. */
  blobBaseFee: bigint
}

export type InterpretedCall = {
  from: Address
  to: Address
  data: Hex
  /** Gas limit, from which intrinsic gas is taken first. */
  gas: bigint
  stateOverride: StateOverride
}

/** An EVM that records. It keeps nothing between two runs. */
export type Interpreter = {
  /**
   * @throws MissingStateError when `state` lacks something: fetch it and run again.
   * @throws RefusedRunError
   */
  run(
    call: InterpretedCall,
    block: BlockEnvironment,
    state: StateView,
  ): ValidationTrace | Promise<ValidationTrace>
}

/** The call does what a local run does not follow: it takes too long, or uses what is not there. */
export class RefusedRunError extends Error {
  override name = 'RefusedRunError'
}
