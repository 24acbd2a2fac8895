import {
  type Address,
  decodeFunctionData,
  type Hash,
  type Hex,
  hashStruct,
  isAddressEqual,
  slice,
  toFunctionSelector,
  zeroAddress,
} from 'viem'
import { fabstirAccountAbi } from '../../contracts/fabstirAccountAbi.ts'
import { parseAbi } from '../../contracts/parseAbi.ts'
import { decodeExecute } from '../fabstir/executeData.ts'
import { signaturePrefix } from '../signature.ts'
import { decodeEnableSignature } from './enableSignature.ts'
import { sessionPolicyTypes } from './grantTypedData.ts'
import type { SessionPolicy } from './sessionPolicy.ts'

/** Of every EntryPoint from 0.7 on. */
const handleOpsAbi = parseAbi([
  'function handleOps((address sender, uint256 nonce, bytes initCode, bytes callData, bytes32 accountGasLimits, uint256 preVerificationGas, bytes32 gasFees, bytes paymasterAndData, bytes signature)[] ops, address beneficiary)',
])

export type FindInstalledPolicyParameters = {
  account: Address
  /** Of the policy, as the account's event has it. */
  policyHash: Hash
  /** Calldata of the transaction that installed it. */
  input: Hex
}

/**
 * The policy of an installed key in the transaction that installed it: the account stores a policy in parts and keeps
 * its hash in an event only. Looked for in the signatures and the calls of the account's operations, and in a call of
 * the account by its owner.
 * @returns `undefined` when the transaction does not hold it in a form that is known.
 */
export function findInstalledPolicy({
  account,
  policyHash,
  input,
}: FindInstalledPolicyParameters): SessionPolicy | undefined {
  return [...policiesInBundle(input, account), ...policiesInCall(input)].find(
    (policy) => hashPolicy(policy) === policyHash,
  )
}

/** EIP-712 struct hash of a policy. */
export function hashPolicy(policy: SessionPolicy): Hash {
  return hashStruct({ data: policy, primaryType: 'SessionPolicy', types: sessionPolicyTypes })
}

function policiesInBundle(input: Hex, account: Address): SessionPolicy[] {
  const call = attempt(() => decodeFunctionData({ abi: handleOpsAbi, data: input }))
  if (call?.functionName !== 'handleOps') return []
  return call.args[0]
    .filter(({ sender }) => isAddressEqual(sender, account))
    .flatMap(({ signature, callData }) => [
      ...policiesInSignature(signature),
      ...policiesInCalls(callData, account),
    ])
}

function policiesInSignature(signature: Hex): SessionPolicy[] {
  if (!signature.startsWith(signaturePrefix.enable)) return []
  const policy = attempt(() => decodeEnableSignature(signature).policy)
  return policy ? [policy] : []
}

const executeUserOpSelector = toFunctionSelector(
  'executeUserOp((address,uint256,bytes,bytes,bytes32,uint256,bytes32,bytes,bytes),bytes32)',
)

function policiesInCalls(callData: Hex, account: Address): SessionPolicy[] {
  // `executeUserOp` carries a call of the account behind its selector.
  const data = callData.startsWith(executeUserOpSelector) ? slice(callData, 4) : callData
  const calls = attempt(() => decodeExecute(data)) ?? []
  return calls
    .filter(({ to }) => isAddressEqual(to, account) || isAddressEqual(to, zeroAddress))
    .flatMap((call) => policiesInCall(call.data ?? '0x'))
}

function policiesInCall(data: Hex): SessionPolicy[] {
  const call = attempt(() => decodeFunctionData({ abi: fabstirAccountAbi, data }))
  return call?.functionName === 'addSessionKeyWithPolicy' ? [call.args[0]] : []
}

/** What is of another form is passed over. */
function attempt<result>(decode: () => result): result | undefined {
  try {
    return decode()
  } catch {
    return undefined
  }
}
