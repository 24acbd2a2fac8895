import { type Address, type Client, numberToHex } from 'viem'
import { isUnsupported, walletCodeOf } from './walletFailure.ts'

/** What of a wallet's capabilities (EIP-5792) decides how it is asked. */
export type WalletCapabilities = {
  /** Whether several calls can be one, at once or after its user agrees. */
  atomic: boolean
  /** Whether an app's paymaster service may pay (ERC-7677). */
  paymasterService: boolean
}

/** Chain of capabilities that a wallet has everywhere. */
const everywhere = 0

/** Capabilities of a wallet for one chain; none of a wallet that does not tell. */
export async function readCapabilities(
  wallet: Client,
  { account, chainId }: { account: Address; chainId: number },
): Promise<WalletCapabilities> {
  const byChain = await ask(wallet, account, chainId)
  const ofChain = (id: number) =>
    Object.entries(byChain).find(([chain]) => Number(chain) === id)?.[1] ?? {}
  const capabilities = { ...ofChain(everywhere), ...ofChain(chainId) }
  const { atomic, atomicBatch, paymasterService } = capabilities as Readonly<
    Record<string, { status?: unknown; supported?: unknown } | undefined>
  >
  return {
    // Wallets of the standard's draft say `atomicBatch`.
    atomic:
      atomic?.status === 'supported' ||
      atomic?.status === 'ready' ||
      (!atomic && atomicBatch?.supported === true),
    paymasterService: paymasterService?.supported === true,
  }
}

async function ask(wallet: Client, account: Address, chainId: number): Promise<object> {
  try {
    const answer: unknown = await wallet.request({
      method: 'wallet_getCapabilities',
      params: [account, [numberToHex(chainId)]],
    })
    return typeof answer === 'object' && answer !== null ? answer : {}
  } catch (error) {
    if (isUnsupported(walletCodeOf(error))) return {}
    throw error
  }
}
