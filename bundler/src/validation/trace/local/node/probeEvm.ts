import type { Address, Hex } from 'viem'
import { concat, numberToHex, size, slice } from 'viem'
import type { StateOverride } from '../../../../chain/reader.ts'
import type { EvmRules } from '../interpreter/interpreter.ts'
import { UntraceableChainError } from '../traceableChain.ts'
import { loaderAddress, wordsOf } from './loaderCode.ts'
import type { RequestBatcher } from './requestBatch.ts'
import { callLoader } from './stateReader.ts'

/** What each probe's code returns: one word, or nothing where the EVM has not what it uses. */
const returnTop = '60005260206000f3'

/** A signature of secp256r1 that is valid: hash, r, s, x, y. */
const validP256: Hex =
  '0x9fe21fc8e464544a26ea89c2be19fa5190ee4fe63024fc4a76bb0b653bf0dfaedaae68bc875690c8e4d844771bbd585dd96839c13654774634927a2ab4d576f233bfb30772e427a18ecfa40eb00bae7731f36c320466b56979b9a884d7af9d8eceea5f411b39235eb559e468ef0a2e24b0a201f0a45114e6e96c54a3b02559289f000dbec6355373193b2f7146071ebf3d7dab784bd211eaa051895a8fcf668d'

const probes = {
  chainId: `0x46${returnTop}`,
  /** PUSH0. */
  shanghai: `0x5f506001${returnTop}`,
  /** TSTORE 7 to 0, TLOAD 0; MCOPY of nothing. */
  cancun: `0x600760005d6000600060005e60005c${returnTop}`,
  blobBaseFee: `0x4a506001${returnTop}`,
  /** CLZ of 1. */
  osaka: `0x60011e${returnTop}`,
  /** ArbSys stands at 0x64 on every chain of ArbOS. */
  arbSys: `0x60643b${returnTop}`,
  p256: p256Code(),
} as const satisfies Record<string, Hex>

const probeNames = Object.keys(probes) as (keyof typeof probes)[]
/** [EIP-7702] Called last: an account that delegates to code which returns 1. */
const delegationIndex = probeNames.length
const probeGas = 200_000

/**
 * Finds out by one `eth_call` what the EVM of the chain can do.
 * @throws UntraceableChainError when it is another one than `chainId` says, or one that differs;
 * ChainError when the node refuses state overrides.
 */
export async function probeEvm(
  batcher: RequestBatcher,
  blockHash: Hex,
  chainId: number,
): Promise<EvmRules> {
  const delegate = probeAddress(delegationIndex + 1)
  const stateOverride: StateOverride = {
    [delegate]: { code: `0x6001${returnTop}` },
    [probeAddress(delegationIndex)]: { code: concat(['0xef0100', delegate]) },
  }
  for (const [index, name] of probeNames.entries()) {
    stateOverride[probeAddress(index)] = { code: probes[name] }
  }
  stateOverride[loaderAddress] = { code: driverCode(probeNames.length + 1) }
  const call = { to: loaderAddress, data: '0x', stateOverride } as const
  const data = await callLoader(batcher, blockHash, call)
  const words = wordsOf(data, probeNames.length + 1).map(BigInt)
  const word = (name: keyof typeof probes) => words[probeNames.indexOf(name)] ?? 0n

  if (word('chainId') !== BigInt(chainId)) {
    throw new UntraceableChainError(chainId, `its EVM gives the chain id ${word('chainId')}`)
  }
  if (word('arbSys') !== 0n) {
    throw new UntraceableChainError(chainId, 'it runs ArbOS with precompiles of its own')
  }
  const p256VerifyGas = word('p256')
  return {
    chainId,
    fork: forkOf({
      shanghai: word('shanghai') === 1n,
      cancun: word('cancun') === 7n && word('blobBaseFee') === 1n,
      prague: words[delegationIndex] === 1n,
      osaka: word('osaka') === 255n,
    }),
    ...(p256VerifyGas > 0n ? { p256VerifyGas } : {}),
  }
}

/** The newest fork up to which nothing is missing. */
function forkOf(
  has: Record<'shanghai' | 'cancun' | 'prague' | 'osaka', boolean>,
): EvmRules['fork'] {
  if (!has.shanghai) return 'paris'
  if (!has.cancun) return 'shanghai'
  if (!has.prague) return 'cancun'
  return has.osaka ? 'osaka' : 'prague'
}

function probeAddress(index: number): Address {
  return concat([slice(loaderAddress, 0, 19), numberToHex(index + 1, { size: 1 })])
}

/** Calls each probe with a bound on gas, and returns a word of each: 0 where it fails. */
function driverCode(count: number): Hex {
  const calls = Array.from({ length: count }, (_, index) =>
    concat([
      ...['0x6020', '0x61', numberToHex(index * 32, { size: 2 }), '0x600060006000'],
      ...['0x73', probeAddress(index), '0x62', numberToHex(probeGas, { size: 3 }), '0xf150'],
    ] as Hex[]),
  )
  return concat([...calls, '0x61', numberToHex(count * 32, { size: 2 }), '0x6000f3'])
}

/**
 * Returns what P256VERIFY costs, measured against the identity precompile, which takes 15 gas and 3 a
 * word; 0 where 0x100 does not verify.
 */
function p256Code(): Hex {
  const words = size(validP256) / 32
  const fill = Array.from({ length: words }, (_, index) =>
    concat([
      ...['0x7f', slice(validP256, index * 32, index * 32 + 32)],
      ...['0x60', numberToHex(index * 32, { size: 1 }), '0x52'],
    ] as Hex[]),
  )
  /** Keeps the gas of a call with the signature as input; its answer goes to `output`. */
  const measure = (precompile: Hex, output: Hex, cost: Hex): Hex =>
    concat([
      ...['0x5a602061', output, '0x60a0600061', precompile, '0x61fffffa505a9003'],
      ...['0x61', cost, '0x52'],
    ] as Hex[])
  return concat([
    ...fill,
    // Memory grows before anything is measured.
    '0x60006101a052',
    measure('0x0004', '0x0120', '0x0180'),
    measure('0x0100', '0x0140', '0x01a0'),
    // (cost of P256VERIFY - cost of identity + 15 + 3 * 5) * answer
    '0x610180516101a05103601e016101405102',
    `0x${returnTop}`,
  ])
}
