import { fab, type TokenAmount, usdc } from '@fabstir/sdk'
import { devnet } from '@fabstir/sdk/chains'
import {
  type Address,
  createWalletClient,
  custom,
  erc20Abi,
  type PublicClient,
  parseAbi,
} from 'viem'

/** Holds the devnet's ETH and FAB; anvil signs for it. */
const rich = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'

export type DevnetFaucet = ReturnType<typeof createDevnetFaucet>

/** Tokens of the devnet, which are worth nothing. */
export function createDevnetFaucet(client: PublicClient) {
  const wallet = createWalletClient({ account: rich, chain: devnet, transport: custom(client) })
  const contracts = devnet.custom.fabstir

  const give = async (to: Address, { token, value }: TokenAmount<'usdc' | 'fab'>) => {
    const args = [to, value] as const
    const hash =
      token === 'usdc'
        ? await wallet.writeContract({
            ...{ address: contracts.usdc, abi: mintAbi, functionName: 'mint', args },
          })
        : await wallet.writeContract({
            ...{ address: contracts.fab, abi: erc20Abi, functionName: 'transfer', args },
          })
    await client.waitForTransactionReceipt({ hash })
  }
  /** Fills an account up to an amount. */
  const fillUp = async (to: Address, { token, value }: TokenAmount<'usdc' | 'fab'>) => {
    const held = await client.readContract({
      ...{ address: contracts[token], abi: erc20Abi, functionName: 'balanceOf', args: [to] },
    })
    if (held < value) await give(to, { token, value: value - held })
  }
  return {
    giveUsdc: (to: Address) => fillUp(to, usdc(20)),
    /** What a host stakes. */
    giveStake: (to: Address) => fillUp(to, fab(1000)),
  }
}

const mintAbi = parseAbi(['function mint(address to, uint256 amount)'])
