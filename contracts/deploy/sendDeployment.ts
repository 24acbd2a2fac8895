import { type Address, BaseError, type Hex } from 'viem'
import { type DeployClients, DeploymentFailedError, hasCode } from './create2.ts'

/**
 * Sends the transaction that puts code at `address`.
 * @returns The number of its block.
 * @throws DeploymentFailedError when no code stands at the address afterwards.
 */
export async function sendDeployment(
  { publicClient, walletClient }: DeployClients,
  { name, address, to, data }: { name: string; address: Address; to: Address; data: Hex },
): Promise<bigint> {
  const hash = await walletClient.sendTransaction({ to, data }).catch((error: unknown) => {
    // viem's own message repeats the whole init code.
    const reason = error instanceof BaseError ? error.details : String(error)
    throw new DeploymentFailedError(name, address, reason)
  })
  const { status, blockNumber } = await publicClient.waitForTransactionReceipt({
    hash,
    pollingInterval: 50,
  })
  if (status !== 'success' || !(await hasCode(publicClient, address))) {
    throw new DeploymentFailedError(name, address, `transaction ${hash} left no code`)
  }
  return blockNumber
}
