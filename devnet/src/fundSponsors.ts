import { sponsorPaymasterAbi } from '@fabstir/contracts/abi'
import { type AddressBook, sponsorsOf } from '@fabstir/contracts/addressBook'
import type { DeployClients } from '@fabstir/contracts/deploy'

/** Puts `amount` wei of the sender's ETH into the deposit of every SponsorPaymaster of the book. */
export async function fundSponsors(
  { publicClient, walletClient }: DeployClients,
  book: Pick<AddressBook, 'deployments' | 'otherSponsors'>,
  amount: bigint,
): Promise<void> {
  for (const { sponsorPaymaster } of sponsorsOf(book)) {
    const hash = await walletClient.writeContract({
      address: sponsorPaymaster,
      abi: sponsorPaymasterAbi,
      functionName: 'deposit',
      value: amount,
    })
    await publicClient.waitForTransactionReceipt({ hash, pollingInterval: 50 })
  }
}
