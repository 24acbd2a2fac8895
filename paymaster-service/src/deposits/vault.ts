import { topUpVaultAbi } from '@fabstir/contracts/abi'
import type { Address, PublicClient } from 'viem'
import { encodeFunctionData } from 'viem'
import { NodeUnavailableError } from '../chain/chainReader.ts'
import type { Call } from '../keeper/keeperWallet.ts'
import type { TopUpState } from './planTopUp.ts'

/** A TopUpVault. */
export type Vault = {
  /** What it would hand out to a paymaster now. @throws NodeUnavailableError */
  budget(paymaster: Address): Promise<TopUpState['vault']>
  /** `topUp(paymaster, amount)`. */
  topUp(paymaster: Address, amount: bigint): Call
}

export function vaultContract(
  client: Pick<PublicClient, 'readContract' | 'getBalance'>,
  address: Address,
): Vault {
  const contract = { address, abi: topUpVaultAbi } as const
  return {
    async budget(paymaster) {
      const args = [paymaster] as const
      try {
        const [available, [dailyCap], balance] = await Promise.all([
          client.readContract({ ...contract, functionName: 'available', args }),
          client.readContract({ ...contract, functionName: 'paymasterOf', args }),
          client.getBalance({ address }),
        ])
        return { available, dailyCap, balance }
      } catch (cause) {
        throw new NodeUnavailableError(cause)
      }
    },
    topUp: (paymaster, amount) => ({
      to: address,
      data: encodeFunctionData({
        abi: topUpVaultAbi,
        functionName: 'topUp',
        args: [paymaster, amount],
      }),
    }),
  }
}
