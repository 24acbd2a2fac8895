import { type Hex, serializeErc6492Signature } from 'viem'
import { delegationFactory } from './delegation.ts'

/** A signature that can be verified before the account exists (ERC-6492). An EIP-7702 account has no factory to name. */
export async function deployableSignature(
  { factory, factoryData }: { factory?: Hex | undefined; factoryData?: Hex | undefined },
  signature: Hex,
): Promise<Hex> {
  if (!factory || !factoryData || factory === delegationFactory) return signature
  return serializeErc6492Signature({ address: factory, data: factoryData, signature })
}
