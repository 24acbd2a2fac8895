import type { AddressBook } from '@fabstir/contracts/addressBook'
import { sponsorsOf } from '@fabstir/contracts/addressBook'
import { getEntryPointAdapter } from '@fabstir/erc4337'
import type { Hash, Hex, PublicClient } from 'viem'
import { slice } from 'viem'
import { entryPoint08Abi } from 'viem/account-abstraction'

/** What a SponsorPaymaster was charged for one operation. */
export type Charge = {
  userOpHash: Hash
  /** First 16 bytes of the hash of the policy that paid, as the operation says itself. */
  policyHash: Hex
  /** Of the UserOperationEvent, wei. */
  actualGasCost: bigint
}

/** All charges of the book's SponsorPaymasters, read from nothing but the chain. */
export async function readCharges(
  publicClient: PublicClient,
  book: AddressBook,
): Promise<Charge[]> {
  const charges: Charge[] = []
  for (const { entryPoint, sponsorPaymaster } of sponsorsOf(book)) {
    // The event is the same since EntryPoint 0.6.
    const events = await publicClient.getContractEvents({
      address: entryPoint,
      abi: entryPoint08Abi,
      eventName: 'UserOperationEvent',
      args: { paymaster: sponsorPaymaster },
      fromBlock: 0n,
      strict: true,
    })
    for (const { transactionHash, args } of events) {
      const { input } = await publicClient.getTransaction({ hash: transactionHash })
      const adapter = getEntryPointAdapter(entryPoint)
      const op = adapter
        ?.decodeHandleOps(input)
        ?.ops.find((each) => adapter.hash(each, book.chainId) === args.userOpHash)
      if (!op?.paymasterData)
        throw new Error(`${transactionHash} is no bundle with operation ${args.userOpHash}`)
      const { userOpHash, actualGasCost } = args
      charges.push({ userOpHash, policyHash: slice(op.paymasterData, 0, 16), actualGasCost })
    }
  }
  return charges
}
