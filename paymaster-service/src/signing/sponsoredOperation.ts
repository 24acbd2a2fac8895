import type { UserOperation } from '@fabstir/erc4337'
import { addressWord, halfWord, joinHex, word } from '@fabstir/erc4337'
import type { Address, Hash, Hex } from 'viem'
import { keccak256, numberToHex, pad, stringToHex, zeroHash } from 'viem'
import { keccak } from './keccak.ts'

const typeHashOf = (type: string) => keccak256(stringToHex(type))

/** EIP-712 types that SponsorPaymaster checks (ISponsorPaymaster.sol). */
const operationTypeHash = typeHashOf(
  'SponsoredOperation(address entryPoint,address sender,uint256 nonce,bytes32 initCodeHash,bytes32 delegateCodeHash,bytes32 callDataHash,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes32 paymasterGasLimits,bytes16 policyHash,uint48 validAfter,uint48 validUntil)',
)
const domainTypeHash = typeHashOf(
  'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)',
)
const nameHash = typeHashOf('FabstirSponsorPaymaster')
const versionHash = typeHashOf('1')

/** First bytes of the code of an account that is delegated by EIP-7702. */
const delegationPrefix = '0xef0100'

export type SponsoredOperation = {
  chainId: number
  entryPoint: Address
  paymaster: Address
  /** With both paymaster gas limits. Its paymaster data and signature are not signed. */
  op: UserOperation
  /** EIP-7702 implementation that the sender runs. */
  delegate: Address | undefined
  keccak?: typeof keccak
}

export type SponsorshipTerms = {
  /** 16 bytes. */
  policyHash: Hex
  /** Unix seconds. */
  validAfter: number
  validUntil: number
}

/**
 * Makes digests that a signer of the SponsorPaymaster signs, of one operation under any terms. All
 * fields are static words, so they are joined here: viem's general encoder took half of the
 * service's time.
 */
export function sponsorshipHasher({
  chainId,
  entryPoint,
  paymaster,
  op,
  delegate,
  keccak: hash = keccak,
}: SponsoredOperation): (terms: SponsorshipTerms) => Hash {
  const domain = domainOf(chainId, paymaster)
  const operation = joinHex([
    operationTypeHash,
    addressWord(entryPoint),
    addressWord(op.sender),
    word(op.nonce),
    hash(op.factory ? joinHex([op.factory, op.factoryData ?? '0x']) : '0x'),
    delegate ? hash(joinHex([delegationPrefix, delegate])) : zeroHash,
    hash(op.callData),
    halfWord(op.verificationGasLimit),
    halfWord(op.callGasLimit),
    word(op.preVerificationGas),
    halfWord(op.maxPriorityFeePerGas),
    halfWord(op.maxFeePerGas),
    halfWord(op.paymasterVerificationGasLimit ?? 0n),
    halfWord(op.paymasterPostOpGasLimit ?? 0n),
  ])
  return ({ policyHash, validAfter, validUntil }) => {
    const terms = joinHex([
      pad(policyHash, { dir: 'right', size: 32 }),
      word(validAfter),
      word(validUntil),
    ])
    return keccak(joinHex(['0x1901', domain, keccak(joinHex([operation, terms]))]))
  }
}

let newest: { chainId: number; paymaster: Address; domain: Hash } | undefined

/** One paymaster signs nearly everything, so the newest domain is kept. */
function domainOf(chainId: number, paymaster: Address): Hash {
  if (newest?.chainId !== chainId || newest.paymaster !== paymaster) {
    const fields = [domainTypeHash, nameHash, versionHash, word(chainId), addressWord(paymaster)]
    newest = { chainId, paymaster, domain: keccak(joinHex(fields)) }
  }
  return newest.domain
}

/** `paymasterData`, 93 bytes. */
export function encodePaymasterData({
  policyHash,
  validAfter,
  validUntil,
  signature,
}: SponsorshipTerms & { signature: Hex }): Hex {
  return joinHex([
    policyHash,
    numberToHex(validAfter, { size: 6 }),
    numberToHex(validUntil, { size: 6 }),
    signature,
  ])
}
