import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import type { Devnet } from '@fabstir/devnet'
import { getJob, getNode, getSession } from '@fabstir/sdk'
import { type Address, createPublicClient, erc20Abi, http, parseAbi } from 'viem'

export type ChainView = ReturnType<typeof chainView>

const events = parseAbi([
  'event UserOperationEvent(bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed)',
])

/** What the chain says of an account, asked without the page. */
export function chainView({ chain, rpcUrl, contracts }: Devnet) {
  const client = createPublicClient({ chain, transport: http(rpcUrl) })
  const reader = { client, contracts }
  const marketplace = { address: contracts.marketplace, abi: jobMarketplaceAbi } as const
  const everything = { fromBlock: 0n, strict: true } as const
  return {
    ethOf: (address: Address) => client.getBalance({ address }),
    codeOf: (address: Address) => client.getCode({ address }),
    usdcOf: (address: Address) =>
      client.readContract({
        ...{ address: contracts.usdc, abi: erc20Abi, functionName: 'balanceOf', args: [address] },
      }),
    owedTo: (address: Address) =>
      client.readContract({
        ...marketplace,
        functionName: 'withdrawable',
        args: [address, contracts.usdc],
      }),
    /** Jobs that an account has posted. */
    async jobsOf(renter: Address) {
      const logs = await client.getContractEvents({
        ...{ ...marketplace, ...everything, eventName: 'JobPosted', args: { renter } },
      })
      return Promise.all(logs.map(({ args: { jobId } }) => getJob(reader, { jobId })))
    },
    /** Jobs that an account has claimed as their host. */
    async claimedBy(host: Address) {
      const logs = await client.getContractEvents({
        ...{ ...marketplace, ...everything, eventName: 'JobClaimed', args: { host } },
      })
      return Promise.all(logs.map(({ args: { jobId } }) => getJob(reader, { jobId })))
    },
    async isHost(node: Address) {
      return (await getNode(reader, { node })).activeSince > 0
    },
    /** The session that an account has opened last. */
    async sessionOf(user: Address) {
      const logs = await client.getContractEvents({
        ...{ ...marketplace, ...everything, eventName: 'SessionJobCreated', args: { user } },
      })
      const sessionId = logs.at(-1)?.args.jobId
      if (sessionId === undefined) throw new Error(`${user} has opened no session`)
      return getSession(reader, { sessionId })
    },
    /** Operations of an account, as the EntryPoints have recorded them. */
    async operationsOf(sender: Address) {
      const logs = await client.getContractEvents({
        ...{ ...everything, abi: events, eventName: 'UserOperationEvent', args: { sender } },
      })
      return logs.map(({ args: { paymaster, success } }) => ({ paymaster, success }))
    },
  }
}
