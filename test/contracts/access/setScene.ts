import {
  type Address,
  encodeAbiParameters,
  type Hex,
  keccak256,
  parseEther,
  stringToHex,
  zeroHash,
} from 'viem'
import { addressesOf, type Chain, type Run, runner } from './cast.ts'
import { eth, type Role, type Scene } from './rules.ts'

const price = parseEther('0.01')
const description = 'of the scene'
const day = 86_400n

/** Puts something of everything into the deployed system: who is who is in {@link roles}. */
export async function setScene(chain: Chain): Promise<Scene> {
  const { book, deployment, testClient } = chain
  const addresses = await addressesOf(chain)
  for (const address of Object.values(addresses)) {
    await testClient.setBalance({ address, value: parseEther('10') })
    await testClient.impersonateAccount({ address })
  }
  const run = runner(chain, addresses)
  const [{ sponsorPaymaster } = { sponsorPaymaster: eth }] = book.deployments
  await testClient.setBalance({ address: book.topUpVault, value: parseEther('10') })
  const { timestamp } = await chain.publicClient.getBlock()

  await openNodes(run, addresses)
  await openAccount(run, addresses, timestamp)
  const jobs = await openJobs(run, timestamp)
  const challenge = await openChallenge(run, addresses, jobs.challenged)
  const sessions = await openSessions(run, addresses)
  const signed = await signVouchers(chain, sessions.active)
  const market = await openMarket(run, addresses, sponsorPaymaster, book)
  await stake(run, addresses)
  const proposed = [[addresses.marketplace], [0n], ['0x']] as const
  const proposal = await propose(run, addresses.deployer, proposed, testClient)
  const { bond } = (await run('stranger', {
    contract: 'JobMarketplace',
    functionName: 'attestedWork',
    args: [sessions.challenged],
  })) as { bond: bigint }

  return {
    addresses,
    fab: book.fab,
    usdc: book.usdc,
    parameterGuard: book.parameterGuard,
    sponsorPaymaster,
    implementations: Object.fromEntries(
      deployment.contracts.map(({ name, address, proxy }) => [
        name,
        proxy?.implementation ?? address,
      ]),
    ),
    jobs,
    price,
    sessions,
    ...signed,
    attestedBond: bond,
    challenge,
    ...market,
    proposal,
    proposed: [...proposed, keccak256(stringToHex(description))],
    now: timestamp,
  }
}

/** The host for itself; the other host with the controller's stake. */
async function openNodes(
  run: Run,
  { registry, proofSystem, host, controller, otherHost, renter }: Scene['addresses'],
) {
  const fab = (from: Role, functionName: string, to: Address, amount = '2000') =>
    run(from, { contract: 'FabToken', functionName, args: [to, parseEther(amount)] })
  const registryCall = (from: Role, functionName: string, ...args: unknown[]) =>
    run(from, { contract: 'NodeRegistry', functionName, args })
  for (const to of [host, controller, otherHost, renter]) await fab('deployer', 'transfer', to)
  await fab('host', 'approve', registry)
  await fab('controller', 'approve', registry)
  await fab('renter', 'approve', proofSystem)
  await fab('otherHost', 'approve', proofSystem)
  await registryCall('host', 'registerNode', 'gpu:rtx4090')
  await registryCall('controller', 'registerControlledNode', 'gpu:rtx4090', otherHost)
  await registryCall('otherHost', 'acceptControl', controller)
}

async function openAccount(
  run: Run,
  { accountOwner, sessionKey }: Scene['addresses'],
  now: bigint,
) {
  await run('stranger', {
    contract: 'FabstirAccountFactory',
    functionName: 'createAccount',
    args: [accountOwner, 0n],
  })
  await run('accountOwner', {
    contract: 'FabstirAccount',
    functionName: 'addSessionKey',
    args: [sessionKey, Number(now + day)],
  })
}

async function openJobs(run: Run, now: bigint) {
  const market = (from: Role, functionName: string, args: readonly unknown[], value = 0n) =>
    run(from, { contract: 'JobMarketplace', functionName, args, value })
  const post = async () =>
    (await market(
      'renter',
      'createJob',
      ['llama-70b', zeroHash, price, now + day],
      price,
    )) as bigint
  const claim = async () => {
    const job = await post()
    await market('host', 'claimJob', [job])
    return job
  }
  const submit = async () => {
    const job = await claim()
    await market('host', 'submitResult', [job, 'bafkresult'])
    return job
  }
  const jobs = {
    posted: await post(),
    claimed: await claim(),
    submitted: await submit(),
    challenged: await submit(),
    disputed: await submit(),
    released: await submit(),
  }
  await market('renter', 'disputeResult', [jobs.disputed], price / 100n)
  await market('renter', 'releasePayment', [jobs.released])
  // What is owed since is withdrawn, so that each role is owed the same: nothing.
  await market('host', 'withdraw', [eth])
  return jobs
}

async function openChallenge(run: Run, { otherHost }: Scene['addresses'], job: bigint) {
  const proofs = (from: Role, functionName: string, ...args: unknown[]) =>
    run(from, { contract: 'ProofSystem', functionName, args })
  const hash = await proofs('otherHost', 'evidenceHashOf', job, otherHost, 'bafkevidence', zeroHash)
  const id = await proofs('otherHost', 'challengeProof', job, hash, parseEther('10'))
  await proofs('otherHost', 'revealEvidence', id, 'bafkevidence', zeroHash)
  return id as bigint
}

async function openSessions(run: Run, { host, renter }: Scene['addresses']) {
  const market = (from: Role, functionName: string, args: readonly unknown[], value = 0n) =>
    run(from, { contract: 'JobMarketplace', functionName, args, value })
  await market('timelock', 'setMaxPending', [eth, price])
  const create = async (proofMode: number) =>
    (await market(
      'renter',
      'createSession',
      [
        {
          host,
          token: eth,
          deposit: price,
          pricePer1000: price / 10n,
          maxDuration: day,
          proofInterval: 100n,
          coSigner: renter,
          model: zeroHash,
          proofMode,
        },
      ],
      price,
    )) as bigint
  const attest = (session: bigint) => {
    const batch = encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes' }], [zeroHash, '0x'])
    return market('host', 'submitProofOfWork', [session, batch, 1_000n])
  }
  const sessions = {
    active: await create(0),
    closing: await create(0),
    attested: await create(1),
    challenged: await create(1),
  }
  await market('renter', 'completeSessionJob', [sessions.closing])
  await attest(sessions.attested)
  await attest(sessions.challenged)
  await market('renter', 'challengeAttestedWork', [sessions.challenged], price / 1_000n)
  return sessions
}

/** 1,000 tokens of the session, signed by its renter and as the end of it by its host. */
async function signVouchers({ book, wallets }: Chain, jobId: bigint) {
  const domain = {
    name: 'FabstirJobMarketplace',
    version: '1',
    chainId: book.chainId,
    verifyingContract: book.marketplace,
  }
  const count = [
    { name: 'jobId', type: 'uint256' },
    { name: 'cumulativeTokens', type: 'uint256' },
  ] as const
  const counted = { jobId, cumulativeTokens: 1_000n }
  const voucher: Hex = await wallets.renter.signTypedData({
    domain,
    types: { Checkpoint: [...count, { name: 'transcriptHash', type: 'bytes32' }] },
    primaryType: 'Checkpoint',
    message: { ...counted, transcriptHash: zeroHash },
  })
  const final: Hex = await wallets.host.signTypedData({
    domain,
    types: { Final: count },
    primaryType: 'Final',
    message: counted,
  })
  return { voucher, final }
}

/** A model with the host's offer, the host's plan with its subscriber, keepers, and a vault that can pay. */
async function openMarket(
  run: Run,
  { renter, keeper }: Scene['addresses'],
  paymaster: Address,
  { usdc, subscriptions }: Chain['book'],
) {
  const models = (from: Role, functionName: string, ...args: unknown[]) =>
    run(from, { contract: 'ModelRegistry', functionName, args })
  await models('timelock', 'setMinimumPrices', eth, 1n, 1n)
  const model = await models('host', 'listModel', 'llama-70b', '3.1', 'text')
  await models('host', 'setPrice', model, eth, 1_000n, 0n)

  const plans = (from: Role, functionName: string, ...args: unknown[]) =>
    run(from, { contract: 'Subscriptions', functionName, args })
  const dollars = (functionName: string, to: Address) =>
    run('renter', { contract: 'TestUsdc', functionName, args: [to, 1_000n] })
  const plan = await plans('host', 'createPlan', usdc, 100n, 86_400, 10n, keeper)
  await dollars('mint', renter)
  await dollars('approve', subscriptions)
  await plans('renter', 'subscribe', plan, 1)
  await plans('renter', 'setAutoRenew', plan, true)

  // Deposits and stakes that the paymasters' own functions can move.
  await run('stranger', { contract: 'SponsorPaymaster', functionName: 'deposit', value: price })
  await run('stranger', { contract: 'TokenPaymaster', functionName: 'deposit', value: price })
  const stake = { functionName: 'addStake', args: [86_400], value: price } as const
  await run('sponsorOperator', { contract: 'SponsorPaymaster', ...stake })
  await run('treasury', { contract: 'TokenPaymaster', ...stake })

  await run('timelock', { contract: 'Buyback', functionName: 'setKeeper', args: [keeper, true] })
  await run('timelock', { contract: 'TopUpVault', functionName: 'setKeeper', args: [keeper, true] })
  await run('timelock', {
    contract: 'TopUpVault',
    functionName: 'setPaymaster',
    args: [paymaster, parseEther('1')],
  })
  return { model: model as Hex, plan: plan as bigint }
}

/** A position of the host, locked for a month. */
async function stake(run: Run, { host, stakersPool }: Scene['addresses']) {
  const amount = parseEther('5000')
  const fab = (from: Role, functionName: string, to: Address) =>
    run(from, { contract: 'FabToken', functionName, args: [to, amount] })
  await fab('deployer', 'transfer', host)
  await fab('host', 'approve', stakersPool)
  await run('host', { contract: 'StakersPool', functionName: 'stake', args: [1, amount] })
}

/** In the name of who holds most FAB. */
async function propose(
  run: Run,
  deployer: Address,
  proposed: readonly unknown[],
  { mine }: Chain['testClient'],
) {
  await run('deployer', { contract: 'FabToken', functionName: 'delegate', args: [deployer] })
  // Votes count from the second after.
  await mine({ blocks: 2 })
  return (await run('deployer', {
    contract: 'FabstirGovernor',
    functionName: 'propose',
    args: [...proposed, description],
  })) as bigint
}
