import { createCustomCommon, Hardfork, Mainnet } from '@ethereumjs/common'
import type { CustomPrecompile, EVMResult } from '@ethereumjs/evm'
import { createEVM, EVMError } from '@ethereumjs/evm'
import { bytesToHex, createAddressFromString, hexToBytes } from '@ethereumjs/util'
import type { CallResult } from '../../../../../chain/reader.ts'
import { createCodeHasher } from '../../state/codeHasher.ts'
import { createOverriddenState } from '../../state/overriddenState.ts'
import type { StateView } from '../../state/stateView.ts'
import type { BlockEnvironment, EvmRules, Interpreter } from '../interpreter.ts'
import { RefusedRunError } from '../interpreter.ts'
import { intrinsicGas } from '../intrinsicGas.ts'
import { createFrameRecorder } from './frameRecorder.ts'
import { p256Verify } from './p256Verify.ts'
import { RunState } from './runState.ts'

const hardforks: Record<EvmRules['fork'], Hardfork> = {
  paris: Hardfork.Paris,
  shanghai: Hardfork.Shanghai,
  cancun: Hardfork.Cancun,
  prague: Hardfork.Prague,
  osaka: Hardfork.Osaka,
}

/** The simulations of the EntryPoints, which every call overrides, and some more. */
const MAX_OVERRIDE_CODES = 32

export type EthereumjsInterpreterOptions = {
  rules: EvmRules
  /** Opcodes after which a run is given up. */
  maxSteps: number
}

/** An `Interpreter` on `@ethereumjs/evm`. */
export function createEthereumjsInterpreter({
  rules,
  maxSteps,
}: EthereumjsInterpreterOptions): Interpreter {
  const common = createCustomCommon({ chainId: rules.chainId }, Mainnet, {
    hardfork: hardforks[rules.fork],
  })
  const customPrecompiles = precompilesOf(rules)
  const hashCode = createCodeHasher(MAX_OVERRIDE_CODES)

  return {
    async run(call, block, state) {
      const seen = createOverriddenState(state, call.stateOverride, hashCode)
      const runState = new RunState(seen)
      const evm = await createEVM({
        common,
        stateManager: runState,
        blockchain: blockHashes(seen),
        customPrecompiles,
      })
      // Every EVM listens for a change of the fork, which never comes.
      common.events.removeAllListeners()

      const recorder = createFrameRecorder(runState)
      let steps = 0
      evm.events.on('beforeMessage', (message) => recorder.onMessage(message))
      evm.events.on('afterMessage', (result) => recorder.onResult(result))
      evm.events.on('step', (step) => {
        steps += 1
        // Only a throw ends the run: what is handed to a callback is ignored.
        if (steps > maxSteps) {
          throw new RefusedRunError(`the call takes more than ${maxSteps} steps`)
        }
        recorder.onStep(step)
      })

      // [EIP-2929, EIP-3651] Warm from the start of a transaction.
      const { from, to } = call
      for (const address of [from, to, block.coinbase]) {
        evm.journal.addAlwaysWarmAddress(address.toLowerCase())
      }
      for (const address of evm.precompiles.keys()) {
        // One that the chain has not is in the list without a function.
        if (evm.getPrecompile(`0x${address}`)) evm.journal.addAlwaysWarmAddress(address)
      }
      const result = await evm.runCall({
        caller: createAddressFromString(from),
        to: createAddressFromString(to),
        data: hexToBytes(call.data),
        gasLimit: call.gas - intrinsicGas(call.data, rules.fork).charged,
        block: { header: headerOf(block) },
      })
      return { ...recorder.recorded(), result: callResultOf(result) }
    },
  }
}

const p256Address = '0x0000000000000000000000000000000000000100'
const kzgAddress = '0x000000000000000000000000000000000000000a'

/** Precompiles that are not those of the fork. */
function precompilesOf({ fork, p256VerifyGas }: EvmRules): CustomPrecompile[] {
  // P256VERIFY stands on chains that are on an older fork otherwise, and at other prices.
  const p256: CustomPrecompile =
    p256VerifyGas === undefined
      ? { address: p256Address }
      : { address: p256Address, function: p256Verify(p256VerifyGas) }
  if (fork === 'paris' || fork === 'shanghai') return [p256]
  return [p256, { address: kzgAddress, function: refuseKzg }]
}

/** Without a KZG library the EVM takes every proof for valid. */
function refuseKzg(): never {
  throw new RefusedRunError('the point evaluation precompile (0x0a) cannot be traced locally')
}

function headerOf(block: BlockEnvironment) {
  return {
    number: block.number,
    timestamp: block.timestamp,
    coinbase: createAddressFromString(block.coinbase),
    difficulty: 0n,
    prevRandao: hexToBytes(block.prevRandao),
    gasLimit: block.gasLimit,
    baseFeePerGas: block.baseFee,
    getBlobGasPrice: () => block.blobBaseFee,
  }
}

function blockHashes(state: StateView) {
  const getBlock = async (number: number) => {
    const hash = hexToBytes(state.blockHash(BigInt(number)))
    return { hash: () => hash }
  }
  const chain = { getBlock, putBlock: async () => {}, shallowCopy: () => chain }
  return chain
}

function callResultOf({ execResult }: EVMResult): CallResult {
  const error = execResult.exceptionError?.error
  if (error === undefined) return { ok: true, data: bytesToHex(execResult.returnValue) }
  if (error === EVMError.errorMessages.REVERT) {
    return { ok: false, data: bytesToHex(execResult.returnValue), message: 'execution reverted' }
  }
  return { ok: false, data: '0x', message: error }
}
