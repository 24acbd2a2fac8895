import { jobMarketplaceAbi, nodeRegistryAbi, sponsorPaymasterAbi } from '@fabstir/contracts/abi'
import { type AddressBook, sponsorsOf } from '@fabstir/contracts/addressBook'
import { type Address, erc20Abi, type PublicClient } from 'viem'
import { devnetAccounts } from '../keys.ts'
import type { BalanceCheck, BalanceLine } from '../report/demoReport.ts'
import { endowment } from './actors.ts'
import { terms } from './lifecycle.ts'
import type { Settled } from './stepRunner.ts'

/** Balances that the demo changes, all in the token's smallest unit. */
export type Snapshot = {
  hostEth: bigint
  renterEth: bigint
  guestEth: bigint
  /** Deposits of all SponsorPaymasters. */
  sponsorDeposits: bigint
  executorsEth: bigint
  hostUsdc: bigint
  renterUsdc: bigint
  guestUsdc: bigint
  marketplaceUsdc: bigint
  marketplaceLiabilities: bigint
  protocolFees: bigint
  stakersFees: bigint
  hostFab: bigint
  registryFab: bigint
  hostStake: bigint
}

type Accounts = { host: Address; renter: Address; guest: Address }

/** Reads every balance of the account at one block. */
export async function takeSnapshot(
  publicClient: PublicClient,
  book: AddressBook,
  { host, renter, guest }: Accounts,
): Promise<Snapshot> {
  const { fab, usdc, registry, marketplace } = book
  const blockNumber = await publicClient.getBlockNumber()
  const balanceOf = (token: Address, owner: Address) =>
    publicClient.readContract({
      address: token,
      abi: erc20Abi,
      functionName: 'balanceOf',
      args: [owner],
      blockNumber,
    })
  const ethOf = (address: Address) => publicClient.getBalance({ address, blockNumber })
  const market = {
    address: marketplace,
    abi: jobMarketplaceAbi,
    args: [usdc],
    blockNumber,
  } as const
  const executors = await Promise.all(devnetAccounts.executors.map(({ address }) => ethOf(address)))
  const deposits = await Promise.all(
    sponsorsOf(book).map(({ sponsorPaymaster }) =>
      publicClient.readContract({
        address: sponsorPaymaster,
        abi: sponsorPaymasterAbi,
        functionName: 'getDeposit',
        blockNumber,
      }),
    ),
  )
  const [protocolFees, stakersFees] = await publicClient.readContract({
    ...market,
    functionName: 'feeLedger',
  })
  const node = await publicClient.readContract({
    address: registry,
    abi: nodeRegistryAbi,
    functionName: 'getNode',
    args: [host],
    blockNumber,
  })
  return {
    hostEth: await ethOf(host),
    renterEth: await ethOf(renter),
    guestEth: await ethOf(guest),
    sponsorDeposits: sum(deposits),
    executorsEth: sum(executors),
    hostUsdc: await balanceOf(usdc, host),
    renterUsdc: await balanceOf(usdc, renter),
    guestUsdc: await balanceOf(usdc, guest),
    marketplaceUsdc: await balanceOf(usdc, marketplace),
    marketplaceLiabilities: await publicClient.readContract({
      ...market,
      functionName: 'liabilities',
    }),
    protocolFees,
    stakersFees,
    hostFab: await balanceOf(fab, host),
    registryFab: await balanceOf(fab, registry),
    hostStake: node.stake,
  }
}

/** Where everything is at the end, and the equations that show that nothing was lost or made. */
export function closingAccount(
  before: Snapshot,
  after: Snapshot,
  { receipts, bundles, guestJobs }: Settled & { guestJobs: number },
): { balances: BalanceLine[]; checks: BalanceCheck[] } {
  const charged = sum(receipts.map(({ actualGasCost }) => actualGasCost))
  const bundleFees = sum(
    [...bundles.values()].map(({ gasUsed, effectiveGasPrice }) => gasUsed * effectiveGasPrice),
  )
  const sponsorPaid = before.sponsorDeposits - after.sponsorDeposits
  const gross = grossOf(terms.tokens.at(-1) ?? 0n) + terms.jobPayment.value
  const protocol =
    share(grossOf(terms.tokens.at(-1) ?? 0n), 1_000n) + share(terms.jobPayment.value, 1_000n)
  const stakers =
    share(grossOf(terms.tokens.at(-1) ?? 0n), 500n) + share(terms.jobPayment.value, 500n)
  return {
    balances: [
      eth('eth.host', 'host account', after.hostEth),
      eth('eth.renter', 'renter account', after.renterEth),
      eth('eth.guest', "small app's user", after.guestEth),
      eth('eth.sponsorPaid', 'sponsors paid for gas', sponsorPaid),
      eth('eth.bundlerPaid', 'bundler paid for its bundles', bundleFees),
      eth('eth.bundlerEarned', 'bundler kept', after.executorsEth - before.executorsEth),
      usdc('usdc.host', 'host account', after.hostUsdc),
      usdc('usdc.renter', 'renter account', after.renterUsdc),
      usdc('usdc.guest', "small app's user", after.guestUsdc),
      usdc('usdc.protocolFees', 'protocol fees (10 %)', after.protocolFees),
      usdc('usdc.stakersFees', 'stakers fees (5 %)', after.stakersFees),
      {
        ...usdc('fab.hostStake', 'host stake in the registry', after.hostStake),
        decimals: 18,
        symbol: 'FAB',
      },
    ],
    checks: [
      {
        name: 'accounts own no ETH',
        left: after.hostEth + after.renterEth + after.guestEth,
        right: 0n,
      },
      {
        name: 'sponsors paid = Σ actualGasCost (wei)',
        left: sponsorPaid,
        right: charged,
      },
      {
        name: 'Σ actualGasCost = bundle fees + kept (wei)',
        left: charged,
        right: bundleFees + (after.executorsEth - before.executorsEth),
      },
      {
        name: 'USDC in = accounts + marketplace',
        left: endowment.renterUsdc + endowment.guestUsdc,
        right: after.hostUsdc + after.renterUsdc + after.guestUsdc + after.marketplaceUsdc,
      },
      {
        name: 'marketplace holds what it owes (USDC)',
        left: after.marketplaceUsdc,
        right: after.marketplaceLiabilities,
      },
      { name: 'host got 85 %', left: after.hostUsdc, right: gross - protocol - stakers },
      {
        name: 'protocol got 10 %',
        left: after.protocolFees - before.protocolFees,
        right: protocol,
      },
      { name: 'stakers got 5 %', left: after.stakersFees - before.stakersFees, right: stakers },
      { name: 'renter got the rest', left: after.renterUsdc, right: endowment.renterUsdc - gross },
      {
        name: "small app's user paid for its jobs only",
        left: endowment.guestUsdc - after.guestUsdc,
        right: BigInt(guestJobs) * terms.jobPayment.value,
      },
      {
        name: 'FAB staked = FAB in the registry',
        left: after.hostStake,
        right: after.registryFab - before.registryFab,
      },
      {
        name: 'FAB the host had = FAB staked + left',
        left: endowment.hostFab,
        right: after.hostStake + after.hostFab,
      },
    ],
  }
}

/** contracts.md 2.3: gross = floor(proven × pricePer1000 / 1000). */
const grossOf = (tokens: bigint) => (tokens * terms.pricePer1000.value) / 1_000n
const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n)
const share = (amount: bigint, basisPoints: bigint) => (amount * basisPoints) / 10_000n

const eth = (key: string, label: string, amount: bigint): BalanceLine => ({
  key,
  label,
  amount,
  decimals: 18,
  symbol: 'ETH',
})
const usdc = (key: string, label: string, amount: bigint): BalanceLine => ({
  key,
  label,
  amount,
  decimals: 6,
  symbol: 'USDC',
})
