import type { FabstirClient, Job } from '@fabstir/sdk'
import { type Address, erc20Abi, type PublicClient, parseAbi, zeroAddress } from 'viem'

/** What the chain says of the account. Amounts in the smallest unit. */
export type AccountFacts = {
  deployed: boolean
  usdc: bigint
  eth: bigint
  /** USDC that the marketplace owes it. */
  owed: bigint
  /** Wei that the account itself paid for operations, and that a paymaster paid for it. */
  gas: { user: bigint; sponsor: bigint }
  /** It is registered as a host. */
  isHost: boolean
  /** Newest first. */
  jobs: readonly Job[]
}

const events = parseAbi([
  'event UserOperationEvent(bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed)',
  'event JobPosted(uint256 indexed jobId, address indexed renter, address token, uint256 payment, string modelId, uint256 deadline)',
])

export async function readAccount(
  client: PublicClient,
  fabstir: FabstirClient,
): Promise<AccountFacts> {
  const { account, contracts } = fabstir
  const { address } = account
  const [deployed, usdc, eth, owed, gas, node, jobs] = await Promise.all([
    account.isDeployed(),
    client.readContract({
      ...{ address: contracts.usdc, abi: erc20Abi, functionName: 'balanceOf', args: [address] },
    }),
    client.getBalance({ address }),
    fabstir.withdrawable({ token: 'usdc' }),
    readGas(client, fabstir),
    fabstir.getNode({ node: address }),
    readJobs(client, fabstir),
  ])
  return { deployed, usdc, eth, owed: owed.value, gas, isHost: node.activeSince > 0, jobs }
}

async function readGas(client: PublicClient, { account }: FabstirClient) {
  const logs = await client.getContractEvents({
    ...{ abi: events, address: account.entryPoint.address, eventName: 'UserOperationEvent' },
    ...{ args: { sender: account.address }, fromBlock: 0n, strict: true },
  })
  const sumOf = (paid: (paymaster: Address) => boolean) =>
    logs.reduce((sum, { args }) => (paid(args.paymaster) ? sum + args.actualGasCost : sum), 0n)
  return {
    user: sumOf((paymaster) => paymaster === zeroAddress),
    sponsor: sumOf((paymaster) => paymaster !== zeroAddress),
  }
}

async function readJobs(client: PublicClient, fabstir: FabstirClient): Promise<Job[]> {
  const logs = await client.getContractEvents({
    ...{ abi: events, address: fabstir.contracts.marketplace, eventName: 'JobPosted' },
    ...{ args: { renter: fabstir.account.address }, fromBlock: 0n, strict: true },
  })
  return Promise.all(logs.toReversed().map(({ args: { jobId } }) => fabstir.getJob({ jobId })))
}
