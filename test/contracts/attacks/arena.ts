import * as abis from '@fabstir/contracts/abi'
import {
  type Abi,
  type Address,
  BaseError,
  decodeErrorResult,
  decodeEventLog,
  encodeFunctionData,
  getAddress,
  type Hex,
  isHex,
  keccak256,
  parseEther,
  parseUnits,
  stringToHex,
  toHex,
  zeroAddress,
} from 'viem'
import { entryPoint08Abi } from 'viem/account-abstraction'
import { expect } from 'vitest'
import { hardhatDeployment } from '../../fixtures/hardhatDeployment.ts'

const contractAbis = {
  marketplace: abis.jobMarketplaceAbi,
  registry: abis.nodeRegistryAbi,
  reputation: abis.reputationSystemAbi,
  proofSystem: abis.proofSystemAbi,
  fab: abis.fabTokenAbi,
  usdc: abis.testUsdcAbi,
  stakersPool: abis.stakersPoolAbi,
  revenueSplitter: abis.revenueSplitterAbi,
  buyback: abis.buybackAbi,
  modelRegistry: abis.modelRegistryAbi,
  dynamicPricing: abis.dynamicPricingAbi,
  subscriptions: abis.subscriptionsAbi,
  governor: abis.fabstirGovernorAbi,
  timelock: abis.timelockAbi,
  parameterGuard: abis.parameterGuardAbi,
  emergencyGuardian: abis.emergencyGuardianAbi,
  votesAdapter: abis.votesAdapterAbi,
  topUpVault: abis.topUpVaultAbi,
} as const

export type ContractName = keyof typeof contractAbis

/** A contract of the deployed system by its name, or any other by address and ABI. */
export type Target = ContractName | { address: Address; abi: Abi }

const eachOnce = <Item extends { name: string; inputs?: readonly { type: string }[] }>(
  items: readonly Item[],
) => [
  ...new Map(
    items.map((item) => [`${item.name}(${item.inputs?.map(({ type }) => type)})`, item]),
  ).values(),
]
type AbiError = Extract<Abi[number], { type: 'error' }>
type AbiEvent = Extract<Abi[number], { type: 'event' }>
const everything: Abi = [...Object.values(abis), entryPoint08Abi].flatMap((abi) => [...abi] as Abi)
const errors = eachOnce(everything.filter((item): item is AbiError => item.type === 'error'))
const events = eachOnce(everything.filter((item): item is AbiEvent => item.type === 'event'))

/** What a refused call answers: the error's name and arguments, or `undefined` without any data. */
export type Refusal = { name: string; args: readonly unknown[] } | undefined

/** All contracts of the system on a chain of their own, with accounts that act by address. */
export async function openArena() {
  const chain = await hardhatDeployment()
  const { book, publicClient, testClient } = chain
  const addressOf = (target: Target) => (typeof target === 'string' ? book[target] : target.address)
  const abiOf = (target: Target): Abi =>
    typeof target === 'string' ? contractAbis[target] : target.abi
  const encode = (target: Target, functionName: string, args: readonly unknown[]) =>
    encodeFunctionData({ abi: abiOf(target), functionName, args })

  const sendRaw = async (from: Address, to: Address, data: Hex, value: bigint, gas: bigint) => {
    const hash = await publicClient.request({
      method: 'eth_sendTransaction',
      params: [{ from, to, data, value: toHex(value), gas: toHex(gas) }],
    } as never)
    const receipt = await publicClient.getTransactionReceipt({ hash })
    if (receipt.status !== 'success') throw new Error('the transaction reverted without a word')
    return receipt
  }
  /** Sends a call that has to succeed; answers its decoded events. */
  const send = async (
    from: Address,
    target: Target,
    functionName: string,
    args: readonly unknown[] = [],
    value = 0n,
  ) => {
    const data = encode(target, functionName, args)
    const { logs } = await sendRaw(from, addressOf(target), data, value, 5_000_000n)
    return logs.flatMap((log) => {
      try {
        return [decodeEventLog({ abi: events, ...log })]
      } catch {
        return []
      }
    })
  }
  const read = <Value>(target: Target, functionName: string, args: readonly unknown[] = []) =>
    publicClient.readContract({
      address: addressOf(target),
      abi: abiOf(target),
      functionName,
      args,
    }) as Promise<Value>
  /** Really sends raw calldata that has to revert; answers why. */
  const refusedRaw = async (
    from: Address,
    to: Address,
    data: Hex,
    value = 0n,
  ): Promise<Refusal> => {
    try {
      await sendRaw(from, to, data, value, 5_000_000n)
    } catch (error) {
      return decodeRefusal(error)
    }
    throw new Error('the attack succeeded')
  }
  /** Really sends a call that has to revert; answers why. */
  const refused = (
    from: Address,
    target: Target,
    functionName: string,
    args: readonly unknown[] = [],
    value = 0n,
  ) => refusedRaw(from, addressOf(target), encode(target, functionName, args), value)

  const become = async (address: Address, ether = '100') => {
    await testClient.impersonateAccount({ address })
    await testClient.setBalance({ address, value: parseEther(ether) })
    return address
  }
  const timelock = await become(book.timelock)
  /** A call that governance has decided. */
  const govern = (target: Target, functionName: string, args: readonly unknown[]) =>
    send(timelock, target, functionName, args)

  const give = {
    fab: async (to: Address, amount: string) => {
      await send(of('deployer'), 'fab', 'transfer', [to, parseEther(amount)])
    },
    usdc: async (to: Address, amount: string) => {
      await send(of('deployer'), 'usdc', 'mint', [to, parseUnits(amount, 6)])
    },
  }
  const approve = (from: Address, token: 'fab' | 'usdc', spender: Address) =>
    send(from, token, 'approve', [spender, 2n ** 255n])

  function of(name: keyof typeof chain.wallets): Address {
    return getAddress(chain.wallets[name].account.address)
  }

  const arena = {
    ...chain,
    send,
    read,
    refused,
    refusedRaw,
    become,
    govern,
    give,
    approve,
    of,
    encode,
    addressOf,
    /** An account with 100 ETH, the same for the same name. */
    actor: (name: string) => become(getAddress(`0x${keccak256(stringToHex(name)).slice(26)}`)),
    /** A registered host of its own with `stake` FAB. */
    async host(address: Address, stake = '1000') {
      await give.fab(address, stake)
      await approve(address, 'fab', book.registry)
      await send(address, 'registry', 'registerNode', ['gpu:rtx4090,models:llama-70b'])
      const more = parseEther(stake) - parseEther('1000')
      if (more > 0n) await send(address, 'registry', 'stake', [more])
      return address
    },
    now: async () => (await publicClient.getBlock()).timestamp,
    async wait(seconds: number) {
      await testClient.increaseTime({ seconds })
      await testClient.mine({ blocks: 1 })
    },
    /** Posts a job in ETH, due in a day; answers its id. */
    async job(renter: Address, payment: bigint, model = 'llama-70b') {
      const deadline = (await arena.now()) + 86_400n
      const input = `0x${'11'.repeat(32)}`
      await send(renter, 'marketplace', 'createJob', [model, input, payment, deadline], payment)
      return read<bigint>('marketplace', 'lastJobId')
    },
    /** Posts, claims, hands in; answers the id. */
    async submitted(renter: Address, host: Address, payment: bigint) {
      const id = await arena.job(renter, payment)
      await send(host, 'marketplace', 'claimJob', [id])
      await send(host, 'marketplace', 'submitResult', [id, 'bafkreiresult'])
      return id
    },
    withdrawable: (account: Address, token: Address = zeroAddress) =>
      read<bigint>('marketplace', 'withdrawable', [account, token]),
    reputationOf: (host: Address) => read<bigint>('reputation', 'getReputation', [host]),
    /** Everything that an attack must leave as it was. */
    async books(parties: readonly Address[]) {
      const tokens = { eth: zeroAddress, usdc: book.usdc, fab: book.fab }
      const holders = [
        ...[book.marketplace, book.registry, book.proofSystem, book.stakersPool],
        ...[book.revenueSplitter, book.buyback, book.subscriptions, book.timelock],
        ...[of('treasury'), ...parties],
      ]
      const lines: Record<string, unknown> = {}
      for (const holder of holders) {
        for (const token of ['usdc', 'fab'] as const) {
          lines[`${token} of ${holder}`] = await read(
            'fab' === token ? 'fab' : 'usdc',
            'balanceOf',
            [holder],
          )
        }
      }
      // Of accounts that send transactions gas would be in the way.
      for (const holder of holders.slice(0, 7)) {
        lines[`eth of ${holder}`] = await publicClient.getBalance({ address: holder })
      }
      for (const [symbol, token] of Object.entries(tokens)) {
        lines[`liabilities ${symbol}`] = await read('marketplace', 'liabilities', [token])
        lines[`fees ${symbol}`] = await read('marketplace', 'feeLedger', [token])
        for (const party of parties) {
          lines[`owed ${symbol} to ${party}`] = await arena.withdrawable(party, token)
        }
      }
      for (const party of parties) {
        lines[`score of ${party}`] = await arena.reputationOf(party)
        lines[`node of ${party}`] = await read('registry', 'getNode', [party])
        lines[`slashed for ${party}`] = await read('registry', 'slashedUnclaimed', [party])
        lines[`bond of ${party}`] = await read('proofSystem', 'withdrawableBond', [party])
      }
      lines['bond liabilities'] = await read('proofSystem', 'bondLiabilities')
      lines.jobs = await read('marketplace', 'lastJobId')
      return lines
    },
    /** Runs an attack after which all books have to read as before. */
    async harmless(parties: readonly Address[], attack: () => Promise<void>) {
      const before = await arena.books(parties)
      await attack()
      expect(await arena.books(parties)).toEqual(before)
    },
    /** Wraps a test so that it leaves the chain as it found it. */
    apart: (run: () => Promise<void>) => async () => {
      const id = await testClient.snapshot()
      try {
        await run()
      } finally {
        await testClient.revert({ id })
      }
    },
  }
  return arena
}

export type Arena = Awaited<ReturnType<typeof openArena>>

/** Names of the functions that the public ABI of a contract has. */
export function functionsOf(name: ContractName): string[] {
  return (contractAbis[name] as Abi).flatMap((item) =>
    item.type === 'function' ? [item.name] : [],
  )
}

function decodeRefusal(error: unknown): Refusal {
  if (!(error instanceof BaseError)) throw error
  for (let cause: unknown = error; cause !== undefined; ) {
    const { data, cause: next } = cause as { data?: unknown; cause?: unknown }
    const inner = isHex(data) ? data : (data as { data?: unknown } | undefined)?.data
    if (isHex(inner)) return inner === '0x' ? undefined : decodeData(inner)
    cause = next
  }
  throw error
}

/** The error in revert data. */
export function decodeData(data: Hex): Refusal {
  const { errorName, args } = decodeErrorResult({ abi: errors, data })
  return { name: errorName, args: (args as readonly unknown[] | undefined) ?? [] }
}

/** What `refused` answers for an error. */
export const because = (name: string, ...args: readonly unknown[]): Refusal => ({ name, args })
