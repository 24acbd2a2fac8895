import type { Address } from 'viem'
import { isAddressEqual } from 'viem'
import { takesParallelSignatures } from '../forms/takesParallelSignatures.ts'
import { sponsorPaymasterAbi } from '../generated/abi/index.ts'
import type { DeployClients } from './create2.ts'
import { createDeployer } from './deployer.ts'

export type SuccessorParameters = DeployClients & {
  /** The SponsorPaymaster that is to be replaced. */
  paymaster: Address
  /** The signer that goes; the other one stays. */
  replace: Address
  /** The signer that comes. */
  signer: Address
}

/**
 * Deploys a SponsorPaymaster with the EntryPoint, operator, treasury and one of the signers of another
 * one, to which that one's `migrateTo` may move its deposit. One that takes signatures outside of the hash
 * is followed by one that does so too. Anybody may deploy it.
 * @throws RangeError when `replace` is none of the signers, or `signer` is one.
 */
export async function deploySuccessor({
  paymaster,
  replace,
  signer,
  ...clients
}: SuccessorParameters): Promise<Address> {
  const read = { address: paymaster, abi: sponsorPaymasterAbi } as const
  const { publicClient } = clients
  const [entryPoint, operator, treasury, a, b] = await Promise.all([
    publicClient.readContract({ ...read, functionName: 'entryPoint' }),
    publicClient.readContract({ ...read, functionName: 'operator' }),
    publicClient.readContract({ ...read, functionName: 'treasury' }),
    publicClient.readContract({ ...read, functionName: 'signerA' }),
    publicClient.readContract({ ...read, functionName: 'signerB' }),
  ])
  if (![a, b].some((each) => isAddressEqual(each, replace)))
    throw new RangeError(`replace: ${replace} is none of the signers ${a} and ${b}`)
  if ([a, b].some((each) => isAddressEqual(each, signer)))
    throw new RangeError(`signer: ${signer} is a signer already`)
  const signers = [a, b].map((each) => (isAddressEqual(each, replace) ? signer : each))
  const isParallel = await takesParallelSignatures(publicClient, { paymaster, entryPoint })
  const name = isParallel ? 'ParallelSponsorPaymaster' : 'SponsorPaymaster'
  return createDeployer(clients).plain(name, [entryPoint, ...signers, operator, treasury])
}
