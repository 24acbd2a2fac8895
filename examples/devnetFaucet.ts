import type { TokenAmount } from '@fabstir/sdk'
import { devnet } from '@fabstir/sdk/chains'
import { type Address, createWalletClient, custom, erc20Abi, parseAbi } from 'viem'
import { client } from './connection.ts'

/** Holds the devnet's ETH and FAB; anvil signs for it. */
const rich = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const { fab, usdc } = devnet.custom.fabstir

/** Gives an account of the devnet what it needs. Elsewhere it has to have it. */
export async function giveOnDevnet(to: Address, { token, value }: TokenAmount): Promise<void> {
  const wallet = createWalletClient({ account: rich, chain: devnet, transport: custom(client) })
  const give = () => {
    if (token === 'eth') return wallet.sendTransaction({ to, value })
    const args = [to, value] as const
    return token === 'usdc'
      ? wallet.writeContract({ address: usdc, abi: mintAbi, functionName: 'mint', args })
      : wallet.writeContract({ address: fab, abi: erc20Abi, functionName: 'transfer', args })
  }
  await client.waitForTransactionReceipt({ hash: await give() })
}

const mintAbi = parseAbi(['function mint(address to, uint256 amount)'])
