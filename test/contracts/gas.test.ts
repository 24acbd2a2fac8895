import {
  fabTokenAbi,
  jobMarketplaceAbi,
  nodeRegistryAbi,
  testUsdcAbi,
} from '@fabstir/contracts/abi'
import {
  type Address,
  encodeFunctionData,
  type Hex,
  parseEther,
  parseUnits,
  zeroAddress,
  zeroHash,
} from 'viem'
import { beforeAll, expect, test } from 'vitest'
import { hardhatDeployment } from '../fixtures/hardhatDeployment.ts'

type Chain = Awaited<ReturnType<typeof hardhatDeployment>>
type Wallet = Chain['wallets']['host']

let chain: Chain
beforeAll(async () => {
  chain = await hardhatDeployment()
})

/** Ceilings of direct calls, in gas (contracts.md 2.11). */
const ceilings: Record<string, number> = {
  registerNode: 160_000,
  'createSession ETH': 120_000,
  'submitCheckpoint first': 45_000,
  'submitCheckpoint following': 45_000,
  'settleSession ETH first time': 90_000,
  'settleSession ETH steady': 60_000,
  'settleSession USDC first time': 110_000,
  'settleSessionWithVoucher ETH': 75_000,
  'session of 50 prompts, 5 checkpoints': 400_000,
  'session of 50 prompts, voucher only': 200_000,
}

/**
 * Above their ceilings, and what is known of why. A line that no longer holds fails, so that it is taken out.
 * Measured on the side: each call pays some 4,900 gas for the marketplace's proxy, and creating some 4,700 more for
 * the registry's.
 */
const aboveCeiling: Record<string, string> = {
  'createSession ETH': 'below it without the two proxies',
  'submitCheckpoint first': 'the first of this host: its count of obligations is a new slot',
  'settleSession ETH first time': 'three ledger slots are new: host, renter and fees',
  'settleSession ETH steady': 'below it without the proxy',
  'session of 50 prompts, 5 checkpoints': 'seven calls through the proxy, and the first checkpoint',
  'settleSession USDC first time': 'three ledger slots are new: host, renter and fees',
}

test('direct calls keep to their ceilings and to the committed snapshot', async () => {
  const gas = await measure(chain)
  const above = Object.entries(gas).filter(([operation, used]) => {
    const ceiling = ceilings[operation]
    return ceiling !== undefined && used > ceiling
  })
  expect(above.map(([operation]) => operation).sort()).toEqual(Object.keys(aboveCeiling).sort())
  await expect(`${JSON.stringify(gas, null, 2)}\n`).toMatchFileSnapshot('gas.snapshot.json')
})

async function measure({ book, publicClient, wallets }: Chain): Promise<Record<string, number>> {
  const { deployer, host, renter, anyone } = wallets
  const gas: Record<string, number> = {}
  const send = async (from: Wallet, to: Address, data: Hex, value = 0n) => {
    const hash = await from.sendTransaction({ to, data, value })
    const receipt = await publicClient.waitForTransactionReceipt({ hash })
    expect(receipt.status).toBe('success')
    return Number(receipt.gasUsed)
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
    gas.registerNode = await send(
      node,
      book.registry,
      encodeFunctionData({
        abi: nodeRegistryAbi,
        functionName: 'registerNode',
        args: ['gpu:rtx4090,models:llama-70b,region:us-west'],
      }),
    )
  }

  const ethTerms = [zeroAddress, parseEther('1'), parseEther('0.1')] as const
  await open(...ethTerms)
  const checkpointed = await open(...ethTerms)
  gas['createSession ETH'] = checkpointed.used
  gas['submitCheckpoint first'] = await voucher('submitCheckpoint', checkpointed.id, 500n)
  let total = checkpointed.used + gas['submitCheckpoint first']
  for (const tokens of [1_000n, 1_500n, 2_000n, 2_500n]) {
    gas['submitCheckpoint following'] = await voucher('submitCheckpoint', checkpointed.id, tokens)
    total += gas['submitCheckpoint following']
  }
  gas['settleSession ETH first time'] = await settle(checkpointed.id)

  const second = await open(...ethTerms)
  await voucher('submitCheckpoint', second.id, 500n)
  gas['settleSession ETH steady'] = await settle(second.id)
  gas['session of 50 prompts, 5 checkpoints'] = total + gas['settleSession ETH steady']

  const paidByVoucher = await open(...ethTerms)
  gas['settleSessionWithVoucher ETH'] = await voucher(
    'settleSessionWithVoucher',
    paidByVoucher.id,
    2_500n,
  )
  gas['session of 50 prompts, voucher only'] =
    paidByVoucher.used + gas['settleSessionWithVoucher ETH']

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
  gas['createSession USDC'] = inUsdc.used
  await voucher('submitCheckpoint', inUsdc.id, 500n)
  gas['settleSession USDC first time'] = await settle(inUsdc.id)
  return gas
}
