import type { Hex } from 'viem'
import { decodeErrorResult, parseAbi } from 'viem'
import type { EntryPointRevert } from './errors.ts'

/** Selectors do not collide between versions, so one table reads the reverts of all of them. */
const entryPointErrors = parseAbi([
  'error FailedOp(uint256 opIndex, string reason)',
  'error FailedOpWithRevert(uint256 opIndex, string reason, bytes inner)',
  'error SignatureValidationFailed(address aggregator)',
  'error PostOpReverted(bytes returnData)',
  'error Reentrancy()',
  'error ReentrancyGuardReentrantCall()',
  'error Eip7702SenderNotDelegate(address sender)',
  'error Eip7702SenderWithoutCode(address sender)',
  'error FailedSendToBeneficiary(address beneficiary, uint256 amount, bytes revertData)',
  'error InternalFunction()',
  'error InvalidBeneficiary(address beneficiary)',
  'error InvalidPaymaster(address paymaster)',
  'error InvalidPaymasterData(uint256 paymasterAndDataLength)',
  'error InvalidPaymasterSignatureLength(uint256 dataLength, uint256 pmSignatureLength)',
  // Only of 0.9's simulation code.
  'error PaymasterNotDeployed(address paymaster)',
  'error Error(string)',
  'error Panic(uint256)',
])

/** EntryPoint 0.9 replaced these `AA` strings by custom errors; the code stays readable in the message. */
const codeOfCustomError: Record<string, string> = {
  FailedSendToBeneficiary: 'AA91 failed send to beneficiary',
  InternalFunction: 'AA92 internal call only',
  InvalidBeneficiary: 'AA90 invalid beneficiary',
  InvalidPaymaster: 'AA98 invalid paymaster',
  InvalidPaymasterData: 'AA93 invalid paymasterAndData',
  PaymasterNotDeployed: 'AA30 paymaster not deployed',
}

/** Reads revert data of `handleOps` or of a simulation, of any EntryPoint version. */
export function decodeRevert(data: Hex): EntryPointRevert {
  const error = decode(data)
  if (!error) return { kind: 'unknown', data }
  switch (error.errorName) {
    case 'FailedOp': {
      const [opIndex, reason] = error.args
      return failedOp(opIndex, reason, undefined)
    }
    case 'FailedOpWithRevert': {
      const [opIndex, reason, inner] = error.args
      return failedOp(opIndex, reason, inner)
    }
    case 'SignatureValidationFailed':
      return { kind: 'aggregator', data }
    case 'Error':
      return { kind: 'message', message: error.args[0] }
    case 'Panic':
      return { kind: 'message', message: `Panic(0x${error.args[0].toString(16)})` }
    default:
      return { kind: 'message', message: codeOfCustomError[error.errorName] ?? error.errorName }
  }
}

function failedOp(opIndex: bigint, reason: string, inner: Hex | undefined): EntryPointRevert {
  return {
    kind: 'failedOp',
    opIndex: Number(opIndex),
    reason,
    aaCode: /^AA\d\d/.exec(reason)?.[0],
    inner,
  }
}

function decode(data: Hex) {
  try {
    return decodeErrorResult({ abi: entryPointErrors, data })
  } catch {
    // Unknown selector or malformed arguments: whoever reverted chose these bytes.
    return undefined
  }
}
