import { sponsorPaymasterAbi } from '@fabstir/contracts/abi'
import { takesParallelSignatures } from '@fabstir/contracts/forms'
import type { Address } from 'viem'
import { createPublicClient, http } from 'viem'
import { entryPoint08Abi } from 'viem/account-abstraction'
import { NodeUnavailableError } from '../chain/chainReader.ts'

/** What a SponsorPaymaster was deployed with. */
export type PaymasterTerms = {
  entryPoint: Address
  signers: readonly [Address, Address]
}

/** `getDepositInfo` of an EntryPoint, 0.7 to 0.9. */
export type DepositInfo = {
  /** Wei. */
  deposit: bigint
  staked: boolean
  /** Wei. */
  stake: bigint
  unstakeDelaySeconds: number
  /** Unix seconds from which the stake can be withdrawn; 0 while it is locked. */
  withdrawTime: number
}

/** What the service asks of paymasters and EntryPoints. Every method throws {@link NodeUnavailableError}. */
export type PaymasterReader = {
  /** `undefined` when the address is no SponsorPaymaster. */
  terms(paymaster: Address): Promise<PaymasterTerms | undefined>
  /** Whether it takes signatures outside of the hash; `undefined` when it answers as no SponsorPaymaster does. */
  takesParallelSignatures(entryPoint: Address, paymaster: Address): Promise<boolean | undefined>
  depositInfo(entryPoint: Address, paymaster: Address): Promise<DepositInfo>
}

export function httpPaymasterReader(rpcUrl: string, { timeoutMs = 10_000 } = {}): PaymasterReader {
  const client = createPublicClient({
    transport: http(rpcUrl, { batch: true, timeout: timeoutMs, retryCount: 1 }),
  })

  return {
    async terms(address) {
      const code = await orUnavailable(client.getCode({ address }))
      if (!code) return undefined
      const read = (functionName: 'entryPoint' | 'signerA' | 'signerB') =>
        client.readContract({ address, abi: sponsorPaymasterAbi, functionName })
      try {
        const [entryPoint, a, b] = await Promise.all([
          read('entryPoint'),
          read('signerA'),
          read('signerB'),
        ])
        return { entryPoint, signers: [a, b] }
      } catch {
        // Another contract, unless the node went away meanwhile.
        await orUnavailable(client.getChainId())
        return undefined
      }
    },

    async takesParallelSignatures(entryPoint, paymaster) {
      try {
        return await takesParallelSignatures(client, { paymaster, entryPoint })
      } catch {
        await orUnavailable(client.getChainId())
        return undefined
      }
    },

    async depositInfo(entryPoint, paymaster) {
      const info = await orUnavailable(
        client.readContract({
          address: entryPoint,
          abi: entryPoint08Abi,
          functionName: 'getDepositInfo',
          args: [paymaster],
        }),
      )
      return {
        deposit: info.deposit,
        staked: info.staked,
        stake: info.stake,
        unstakeDelaySeconds: info.unstakeDelaySec,
        withdrawTime: info.withdrawTime,
      }
    },
  }
}

async function orUnavailable<value>(asked: Promise<value>): Promise<value> {
  try {
    return await asked
  } catch (cause) {
    throw new NodeUnavailableError(cause)
  }
}
