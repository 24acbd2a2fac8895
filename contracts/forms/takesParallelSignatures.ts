import type { Address, Hex, PublicClient } from 'viem'
import { BaseError, ContractFunctionRevertedError, concat, pad, zeroAddress, zeroHash } from 'viem'
import { sponsorPaymasterAbi } from '../generated/abi/index.ts'

/** Length of the signature (2 bytes) and `keccak256("PaymasterSignature")[:8]`, as EntryPoint 0.9 reads them. */
const suffix: Hex = '0x004122e325a297439656'
/** `paymasterAndData` up to the end of the signature, bytes. */
const signatureEnd = 145

/**
 * Whether a SponsorPaymaster takes signatures outside of the hash. It is asked, with an empty window: one that knows the
 * form refuses the window, another one the length.
 * @throws ContractFunctionExecutionError when it is no SponsorPaymaster.
 */
export async function takesParallelSignatures(
  publicClient: Pick<PublicClient, 'readContract'>,
  { paymaster, entryPoint }: { paymaster: Address; entryPoint: Address },
): Promise<boolean> {
  const operation = {
    sender: zeroAddress,
    nonce: 0n,
    initCode: '0x',
    callData: '0x',
    accountGasLimits: zeroHash,
    preVerificationGas: 0n,
    gasFees: zeroHash,
    paymasterAndData: concat([pad('0x', { size: signatureEnd }), suffix]),
    signature: '0x',
  } as const
  try {
    await publicClient.readContract({
      account: entryPoint,
      address: paymaster,
      abi: sponsorPaymasterAbi,
      functionName: 'validatePaymasterUserOp',
      args: [operation, zeroHash, 0n],
    })
  } catch (error) {
    const reason =
      error instanceof BaseError &&
      error.walk((cause) => cause instanceof ContractFunctionRevertedError)
    const name = reason instanceof ContractFunctionRevertedError && reason.data?.errorName
    if (name === 'SponsorPaymasterWindow') return true
    if (name === 'SponsorPaymasterDataLength') return false
    throw error
  }
  throw new RangeError(
    `paymaster: ${paymaster} takes an empty window, which no SponsorPaymaster does`,
  )
}
