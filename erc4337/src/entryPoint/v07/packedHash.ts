import type { Address, Hash, Hex } from 'viem'
import { keccak256, stringToHex } from 'viem'
import type { UserOperation as ViemUserOperation } from 'viem/account-abstraction'
import { toPackedUserOperation } from 'viem/account-abstraction'
import { addressWord, joinHex, word } from '../../words.ts'

type Keccak = (data: Hex) => Hash

const hashOfText = (text: string) => keccak256(stringToHex(text))

/** EIP-712 types of EntryPoint 0.8 and later (UserOperationLib, EIP712 of OpenZeppelin). */
const operationTypeHash = hashOfText(
  'PackedUserOperation(address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes paymasterAndData)',
)
const domainTypeHash = hashOfText(
  'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)',
)
const nameHash = hashOfText('ERC4337')
const versionHash = hashOfText('1')

/** The static words of an operation that both forms of the hash begin with. */
function operationWords(op: ViemUserOperation<'0.9'>, keccak: Keccak): Hex[] {
  const packed = toPackedUserOperation(op, { forHash: true })
  return [
    addressWord(packed.sender),
    word(packed.nonce),
    keccak(packed.initCode),
    keccak(packed.callData),
    packed.accountGasLimits as Hex,
    word(packed.preVerificationGas),
    packed.gasFees as Hex,
    keccak(packed.paymasterAndData),
  ]
}

/**
 * `getUserOpHash` of one EntryPoint. All fields are static words, so they are joined here: viem's typed data hashes
 * types and domain again with every operation, six times the work.
 */
export function packedHasher(
  address: Address,
  version: '0.7' | '0.8' | '0.9',
): (op: ViemUserOperation<'0.9'>, chainId: number, keccak?: Keccak) => Hash {
  if (version === '0.7')
    return (op, chainId, keccak = keccak256) => {
      const operation = keccak(joinHex(operationWords(op, keccak)))
      return keccak(joinHex([operation, addressWord(address), word(chainId)]))
    }

  let known: { chainId: number; domain: Hash } | undefined
  const domainOf = (chainId: number) => {
    if (known?.chainId !== chainId) {
      const fields = [domainTypeHash, nameHash, versionHash, word(chainId), addressWord(address)]
      known = { chainId, domain: keccak256(joinHex(fields)) }
    }
    return known.domain
  }
  return (op, chainId, keccak = keccak256) => {
    const struct = keccak(joinHex([operationTypeHash, ...operationWords(op, keccak)]))
    return keccak(joinHex(['0x1901', domainOf(chainId), struct]))
  }
}
