import {
  fabTokenAbi,
  jobMarketplaceAbi,
  nodeRegistryAbi,
  stakersPoolAbi,
} from '@fabstir/contracts/abi'
import {
  type Address,
  encodeAbiParameters,
  getAddress,
  type Hex,
  type LocalAccount,
  maxUint256,
  parseAbi,
  parseAbiParameters,
  parseEther,
  parseUnits,
  zeroAddress,
  zeroHash,
} from 'viem'
import { attackChain, type Call, callOf, keyOf } from './attackChain.ts'
import { keepBooks } from './books.ts'

/** 1 ETH pays for 10,000 tokens. */
export const ethPrice = parseEther('0.1')
/** 5 USDC pay for 5,000 tokens. */
export const usdcPrice = parseUnits('1', 6)
export const day = 86_400n

export type SessionParams = {
  host: Address
  token: Address
  deposit: bigint
  pricePer1000: bigint
  maxDuration: bigint
  proofInterval: bigint
  coSigner: Address
  model: Hex
  proofMode: number
}

/** Proof modes as the contracts count them. */
export const mode = { coSigned: 0, attested: 1, verified: 2 } as const
export const status = { none: 0, active: 1, closing: 2, settled: 3 } as const

/** Mint and approve are the same in every token of the mocks. */
const tokenAbi = parseAbi([
  'function mint(address, uint256)',
  'function approve(address, uint256) returns (bool)',
])

/**
 * A market at work: an active host, a renter, and a victim whose prepaid balances and open session are what there is to
 * steal. Every test starts from here: see {@link reset}.
 */
export async function attackScene(
  options: { mocks?: readonly string[]; withoutVictimsSession?: boolean } = {},
) {
  const chain = await attackChain(options.mocks)
  const { book, send, wallets, testClient, read } = chain
  const address = (wallet: { account: { address: Address } }) => getAddress(wallet.account.address)
  const keys = { host: keyOf(7), renter: keyOf(8), stranger: keyOf(9), victim: keyOf(10) }
  const renter = keys.renter.address
  const host = keys.host.address
  const stranger = keys.stranger.address
  const victim = keys.victim.address
  const treasury = address(wallets.treasury)
  const people = new Map<string, Address>(
    Object.entries({
      host,
      renter,
      stranger,
      victim,
      treasury,
      deployer: address(wallets.deployer),
    }),
  )
  const tokens = new Map<string, Address>([
    ['ETH', zeroAddress],
    ['USDC', book.usdc],
  ])
  const ledger = keepBooks(chain, people, tokens)

  const market = (name: string, args: readonly unknown[] = [], value = 0n): Call =>
    callOf(book.marketplace, jobMarketplaceAbi, name, args, value)
  const registry = (name: string, args: readonly unknown[] = []): Call =>
    callOf(book.registry, nodeRegistryAbi, name, args)
  const fab = (name: string, args: readonly unknown[]): Call =>
    callOf(book.fab, fabTokenAbi, name, args)

  /** Votes passed: what the timelock does when a proposal is executed. */
  const govern = (call: Call) => send(book.timelock, call)

  /** Gives an account stake, and makes it an active host. */
  async function becomeHost(node: Address) {
    await send(address(wallets.deployer), fab('transfer', [node, parseEther('1000')]))
    await send(node, fab('approve', [book.registry, maxUint256]))
    await send(node, registry('registerNode', ['gpu:rtx4090,models:llama-70b,region:us-west']))
  }

  /** Mints, and approves the marketplace. */
  async function fund(token: Address, holder: Address, amount: bigint) {
    await send(stranger, callOf(token, tokenAbi, 'mint', [holder, amount]))
    await send(holder, callOf(token, tokenAbi, 'approve', [book.marketplace, maxUint256]))
  }

  /** A token that governance lists. */
  async function listToken(
    symbol: string,
    token: Address,
    minimum = 1n,
    maximum = parseEther('1000'),
  ) {
    await govern(market('setAcceptedToken', [token, true]))
    await govern(market('setTokenLimits', [token, minimum, maximum]))
    await govern(callOf(book.stakersPool, stakersPoolAbi, 'listRewardToken', [token]))
    tokens.set(symbol, token)
  }

  const sessionOf = (named: Partial<SessionParams> = {}): SessionParams => ({
    host,
    token: zeroAddress,
    deposit: parseEther('1'),
    pricePer1000: ethPrice,
    maxDuration: day,
    proofInterval: 100n,
    coSigner: renter,
    model: zeroHash,
    proofMode: mode.coSigned,
    ...named,
  })
  const createCall = (named: Partial<SessionParams> = {}): Call => {
    const params = sessionOf(named)
    return market('createSession', [params], params.token === zeroAddress ? params.deposit : 0n)
  }
  const lastJob = () => read<bigint>(book.marketplace, jobMarketplaceAbi, 'lastJobId')
  /** A session of the renter, of which only what matters is named. */
  async function open(named: Partial<SessionParams> = {}, by: Address = renter): Promise<bigint> {
    await send(by, createCall(named))
    return lastJob()
  }

  const domain = {
    name: 'FabstirJobMarketplace',
    version: '1',
    chainId: book.chainId,
    verifyingContract: book.marketplace,
  }
  /** The co-signer's signature over a running count. */
  const sign = (
    jobId: bigint,
    cumulativeTokens: bigint,
    by: LocalAccount = keys.renter,
    other: { chainId?: number; verifyingContract?: Address } = {},
  ): Promise<Hex> =>
    by.signTypedData({
      domain: { ...domain, ...other },
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
  const signFinal = (jobId: bigint, cumulativeTokens: bigint, by: LocalAccount = keys.host) =>
    by.signTypedData({
      domain,
      types: {
        Final: [
          { name: 'jobId', type: 'uint256' },
          { name: 'cumulativeTokens', type: 'uint256' },
        ],
      },
      primaryType: 'Final',
      message: { jobId, cumulativeTokens },
    })

  await becomeHost(host)
  const million = parseUnits('1000000', 6)
  for (const holder of [renter, victim, stranger]) await fund(book.usdc, holder, million)
  await send(victim, market('depositPrepaid', [zeroAddress, parseEther('20')], parseEther('20')))
  await send(victim, market('depositPrepaid', [book.usdc, parseUnits('10000', 6)]))
  const victimsSession = options.withoutVictimsSession
    ? 0n
    : await open({ coSigner: victim, deposit: parseEther('4') }, victim)

  let start = await testClient.snapshot()
  const known = { people: new Map(people), tokens: new Map(tokens) }
  return {
    ...chain,
    ...ledger,
    keys,
    host,
    renter,
    stranger,
    victim,
    victimsSession,
    people,
    tokens,
    market,
    registry,
    fab,
    govern,
    becomeHost,
    fund,
    listToken,
    sessionOf,
    createCall,
    open,
    lastJob,
    sign,
    signFinal,
    /** `proof` of a co-signed count, as the functions with the seed's names take it. */
    proofOf: (signature: Hex, transcriptHash: Hex = zeroHash) =>
      encodeAbiParameters(parseAbiParameters('bytes32, bytes'), [transcriptHash, signature]),
    details: (jobId: bigint) =>
      read<{ status: number; provenTokens: bigint; renter: Address; deposit: bigint }>(
        book.marketplace,
        jobMarketplaceAbi,
        'getSessionDetails',
        [jobId],
      ),
    owed: (account: Address, token: Address = zeroAddress) =>
      read<bigint>(book.marketplace, jobMarketplaceAbi, 'withdrawable', [account, token]),
    /** Everybody who has some part in the system, and no right to govern it. */
    outsiders: (): Address[] => [
      ...[wallets.deployer, wallets.guardian, wallets.treasury, wallets.arbiter].map(address),
      ...[stranger, host, renter, book.governor],
    ],
    /** Back to the start. */
    async reset() {
      await testClient.revert({ id: start })
      start = await testClient.snapshot()
      for (const [all, before] of [
        [people, known.people],
        [tokens, known.tokens],
      ] as const) {
        all.clear()
        for (const [name, one] of before) all.set(name, one)
      }
    },
  }
}

export type AttackScene = Awaited<ReturnType<typeof attackScene>>
