import {
  fabTokenAbi,
  jobMarketplaceAbi,
  nodeRegistryAbi,
  testUsdcAbi,
} from '@fabstir/contracts/abi'
import {
  type Address,
  encodeFunctionData,
  type Hash,
  type Hex,
  parseEther,
  parseUnits,
  zeroAddress,
  zeroHash,
} from 'viem'
import type { GasChain, OnMeasured } from './gasChain.ts'

type Wallet = GasChain['wallets']['host']

/** Gas of direct calls, by operation. */
export async function measureDirect(
  { book, publicClient, testClient, wallets }: GasChain,
  onMeasured: OnMeasured = () => {},
): Promise<Record<string, number>> {
  const { deployer, host, renter, anyone } = wallets
  const gas: Record<string, number> = {}
  let lastHash: Hash | undefined
  const send = async (from: Wallet, to: Address, data: Hex, value = 0n) => {
    const hash = await from.sendTransaction({ to, data, value })
    const receipt = await publicClient.waitForTransactionReceipt({ hash })
    if (receipt.status !== 'success') throw new Error(`transaction ${hash} reverted`)
    lastHash = hash
    return Number(receipt.gasUsed)
  }
  /** Books an operation of one transaction: the last one. */
  const record = (operation: string, used: number) => {
    gas[operation] = used
    if (lastHash) onMeasured(operation, lastHash)
    return used
  }
  const market = (from: Wallet, data: Hex, value = 0n) => send(from, book.marketplace, data, value)
  let sessions = 0n
  const open = async (token: Address, deposit: bigint, pricePer1000: bigint) => {
    const data = encodeFunctionData({
      abi: jobMarketplaceAbi,
      functionName: 'createSession',
      args: [
        {
          host: host.account.address,
          token,
          deposit,
          pricePer1000,
          maxDuration: 86_400n,
          proofInterval: 500n,
          coSigner: renter.account.address,
          model: zeroHash,
          proofMode: 0,
        },
      ],
    })
    const used = await market(renter, data, token === zeroAddress ? deposit : 0n)
    sessions += 1n
    return { id: sessions, used }
  }
  const sign = (jobId: bigint, cumulativeTokens: bigint) =>
    renter.signTypedData({
      domain: {
        name: 'FabstirJobMarketplace',
        version: '1',
        chainId: book.chainId,
        verifyingContract: book.marketplace,
      },
      types: {
        Checkpoint: [
          { name: 'jobId', type: 'uint256' },
          { name: 'cumulativeTokens', type: 'uint256' },
          { name: 'transcriptHash', type: 'bytes32' },
        ],
      },
      primaryType: 'Checkpoint',
      message: { jobId, cumulativeTokens, transcriptHash: zeroHash },
    })
  const voucher = async (
    functionName: 'submitCheckpoint' | 'settleSessionWithVoucher',
    id: bigint,
    tokens: bigint,
  ) =>
    market(
      host,
      encodeFunctionData({
        abi: jobMarketplaceAbi,
        functionName,
        args: [id, tokens, zeroHash, await sign(id, tokens)],
      }),
    )
  const settle = (id: bigint) =>
    market(
      host,
      encodeFunctionData({ abi: jobMarketplaceAbi, functionName: 'settleSession', args: [id] }),
    )

  for (const node of [anyone, host]) {
    await send(
      deployer,
      book.fab,
      encodeFunctionData({
        abi: fabTokenAbi,
        functionName: 'transfer',
        args: [node.account.address, parseEther('1000')],
      }),
    )
    await send(
      node,
      book.fab,
      encodeFunctionData({
        abi: fabTokenAbi,
        functionName: 'approve',
        args: [book.registry, parseEther('1000')],
      }),
    )
    // The second one is kept: the first pays for slots that only the first node ever pays for.
    const registration = encodeFunctionData({
      abi: nodeRegistryAbi,
      functionName: 'registerNode',
      args: ['gpu:rtx4090,models:llama-70b,region:us-west'],
    })
    record('registerNode', await send(node, book.registry, registration))
  }

  const ethTerms = [zeroAddress, parseEther('1'), parseEther('0.1')] as const
  await open(...ethTerms)
  const checkpointed = await open(...ethTerms)
  let total = record('createSession ETH', checkpointed.used)
  const first = await voucher('submitCheckpoint', checkpointed.id, 500n)
  total += record('submitCheckpoint first', first)
  for (const tokens of [1_000n, 1_500n, 2_000n, 2_500n]) {
    const following = await voucher('submitCheckpoint', checkpointed.id, tokens)
    total += record('submitCheckpoint following', following)
  }
  record('settleSession ETH first time', await settle(checkpointed.id))

  const second = await open(...ethTerms)
  await voucher('submitCheckpoint', second.id, 500n)
  const steady = record('settleSession ETH steady', await settle(second.id))
  gas['session of 50 prompts, 5 checkpoints'] = total + steady

  const paidByVoucher = await open(...ethTerms)
  const byVoucher = await voucher('settleSessionWithVoucher', paidByVoucher.id, 2_500n)
  gas['session of 50 prompts, voucher only'] =
    paidByVoucher.used + record('settleSessionWithVoucher ETH', byVoucher)

  const deposit = parseUnits('5', 6)
  await send(
    deployer,
    book.usdc,
    encodeFunctionData({
      abi: testUsdcAbi,
      functionName: 'mint',
      args: [renter.account.address, deposit],
    }),
  )
  await send(
    renter,
    book.usdc,
    encodeFunctionData({
      abi: testUsdcAbi,
      functionName: 'approve',
      args: [book.marketplace, deposit],
    }),
  )
  const inUsdc = await open(book.usdc, deposit, parseUnits('0.5', 6))
  record('createSession USDC', inUsdc.used)
  await voucher('submitCheckpoint', inUsdc.id, 500n)
  record('settleSession USDC first time', await settle(inUsdc.id))

  // A single job from posting to payment, in steady state: the second of the same two.
  const single = async () => {
    const payment = parseEther('0.01')
    // Full rate limits, and a deadline without zero bytes: gas that does not depend on the clock.
    await testClient.increaseTime({ seconds: 7_200 })
    await testClient.mine({ blocks: 1 })
    const { timestamp } = await publicClient.getBlock()
    const deadline = (timestamp + 7_200n) | 0x010101n
    const call = (
      functionName: 'createJob' | 'claimJob' | 'submitResult' | 'releasePayment',
      args: readonly unknown[],
    ) =>
      encodeFunctionData({ abi: jobMarketplaceAbi, functionName, args } as Parameters<
        typeof encodeFunctionData
      >[0])
    const create = call('createJob', ['llama-70b', zeroHash, payment, deadline])
    let used = await market(renter, create, payment)
    sessions += 1n
    used += await market(host, call('claimJob', [sessions]))
    used += await market(host, call('submitResult', [sessions, 'bafkreiresult']))
    return used + (await market(renter, call('releasePayment', [sessions])))
  }
  await single()

  gas['50 single jobs'] = 50 * (await single())
  return gas
}
