import { proofSystemAbi } from '@fabstir/contracts/abi'
import {
  type Address,
  encodeAbiParameters,
  keccak256,
  parseEther,
  parseUnits,
  stringToHex,
  zeroAddress,
  zeroHash,
} from 'viem'
import { type Chain, createActors, marketAbi, type Wallet } from './actors.ts'

/** Same numbers in every run, so that a failure can be looked at again. */
function randomNumbers(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const details = {
  modelId: 'llama-70b',
  prompt: 'bafkprompt',
  maxTokens: 4000n,
  temperature: 700n,
  seed: 42n,
  resultFormat: 'json',
}
const requirements = {
  minGPUMemory: 16n,
  minReputationScore: 0n,
  maxTimeToComplete: 3_600n,
  requiresProof: false,
}
const [minute, hour, day] = [60, 3_600, 86_400]
/** ISessionJobs.ProofMode */
const [coSigned, attested] = [0, 1]

/** Calls of every kind in any order; what the contracts refuse is part of it. */
export async function randomWalk(chain: Chain, steps: number) {
  const { book, publicClient, wallets } = chain
  const actors = await createActors(chain)
  const { hosts, renters, market, registry, reputation, proofSystem, sign, signFinal, pass } =
    actors
  const next = randomNumbers(7)
  const tokens: readonly [Address, Address] = [zeroAddress, book.usdc]
  let lastId = 0n
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[next(items.length)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }
  const anyId = () => BigInt(1 + next(Number(lastId)))
  const depositOf = (token: Address) =>
    token === zeroAddress ? parseEther('0.01') : parseUnits('5', 6)
  const everyone = [...hosts, ...renters]
  for (const token of tokens) {
    await market('setMaxPending', book.timelock, [token, depositOf(token) * 3n])
  }

  const post = async (renter = pick(renters)) => {
    const payment = parseEther('0.01')
    if (await market('postJob', renter, [details, requirements, payment], payment)) lastId++
  }
  const postWithToken = async () => {
    const args = [details, requirements, book.usdc, parseUnits('2', 6)]
    if (await market('postJobWithToken', pick(renters), args)) lastId++
  }
  const open = async (token = pick(tokens)) => {
    const deposit = depositOf(token)
    const rest = [deposit, deposit / 10_000n, 86_400n, 100n]
    const [host, renter] = [pick(hosts).account.address, pick(renters)]
    const opened =
      token === zeroAddress
        ? await market('createSessionJob', renter, [host, ...rest], deposit)
        : await market('createSessionJobWithToken', renter, [host, token, ...rest])
    if (opened) lastId++
  }
  const openFull = async (
    renter: Wallet,
    { host = pick(hosts), proofMode = coSigned, fromDeposit = false, token = pick(tokens) } = {},
  ) => {
    const deposit = depositOf(token)
    const params = {
      host: host.account.address,
      token,
      deposit,
      pricePer1000: deposit / 10n,
      maxDuration: BigInt(4 * day),
      proofInterval: 100n,
      coSigner: renter.account.address,
      model: zeroHash,
      proofMode,
    }
    const opened = fromDeposit
      ? await market('createSessionFromDeposit', renter, [params])
      : await market('createSession', renter, [params], token === zeroAddress ? deposit : 0n)
    if (opened) lastId++
    return opened
  }
  const count = () => BigInt(100 * (1 + next(90)))
  const checkpoint = async (jobId: bigint) => {
    const cumulativeTokens = count()
    const signature = await sign(pick(renters), { jobId, cumulativeTokens })
    await market('submitCheckpoint', pick(hosts), [jobId, cumulativeTokens, zeroHash, signature])
  }
  const unsigned = encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes' }], [zeroHash, '0x'])
  /** A single job as far as its result; answers who worked, or nobody. */
  const work = async (renter: Wallet) => {
    await post(renter)
    const host = pick(hosts)
    if (!(await market('claimJob', host, [lastId]))) return undefined
    await pass(pick([minute, 20 * minute]))
    return (await market('submitResult', host, [lastId, 'bafkresult'])) ? host : undefined
  }
  const dispute = async (renter: Wallet, jobId = lastId) => {
    const bond = await publicClient.readContract({
      address: book.marketplace,
      abi: marketAbi,
      functionName: 'disputeBond',
      args: [jobId],
    })
    return market('disputeResult', renter, [jobId], bond)
  }
  const challenge = async (renter: Wallet, jobId: bigint) => {
    const read = { address: book.proofSystem, abi: proofSystemAbi } as const
    const [cid, salt] = ['bafkevidence', keccak256(stringToHex(`${jobId}`))] as const
    const evidence = await publicClient.readContract({
      ...read,
      functionName: 'evidenceHashOf',
      args: [jobId, renter.account.address, cid, salt],
    })
    await proofSystem('challengeProof', renter, [jobId, evidence, parseEther('10')])
    const [id] = await publicClient.readContract({
      ...read,
      functionName: 'challengesOf',
      args: [jobId],
    })
    if (next(4) > 0) await proofSystem('revealEvidence', renter, [id, cid, salt])
    if (next(3) > 0) await proofSystem('resolveChallenge', wallets.arbiter, [id, next(2) === 0])
    else await pass(4 * day)
    await proofSystem('expireChallenge', wallets.arbiter, [id])
  }

  const actions: (() => Promise<unknown>)[] = [
    () => post(),
    postWithToken,
    () => open(),
    () => market('claimJob', pick(hosts), [anyId()]),
    async () => {
      const renter = pick(renters)
      if (!(await work(renter))) return
      if (next(2) > 0) await pass(25 * hour)
      await market('releasePayment', renter, [lastId])
      await market('autoRelease', pick(everyone), [lastId])
      await reputation('rateHost', renter, [pick(hosts).account.address, lastId, 5n, 'good'])
    },
    async () => {
      await post()
      const host = pick(hosts)
      await market('claimJob', host, [lastId])
      await market('abandonClaim', host, [lastId])
    },
    async () => {
      const renter = pick(renters)
      const host = await work(renter)
      if (!host || !(await dispute(renter))) return
      const escrowId = `0x${lastId.toString(16).padStart(64, '0')}`
      const end = next(4)
      if (end === 1) await pass(8 * day)
      const winner = pick([host, renter]).account.address
      if (end > 1) await market('resolveDispute', wallets.arbiter, [escrowId, winner])
      await market('resolveStale', pick(everyone), [escrowId])
    },
    async () => {
      const renter = pick(renters)
      if (await work(renter)) await challenge(renter, lastId)
      await market('autoRelease', pick(everyone), [lastId])
    },
    () => market('submitResult', pick(hosts), [anyId(), 'bafkresult']),
    () => market('cancelJob', pick(renters), [anyId()]),
    () => market('claimExpired', pick(renters), [anyId()]),
    () => market('autoRelease', pick(renters), [anyId()]),
    () => checkpoint(anyId()),
    async () => {
      await open()
      await checkpoint(lastId)
      if (next(2) === 0) await market('settleSession', pick(hosts), [lastId])
    },
    async () => {
      const [renter, host] = [pick(renters), pick(hosts)]
      if (!(await openFull(renter, { host }))) return
      const cumulativeTokens = count()
      const signed = { jobId: lastId, cumulativeTokens }
      const voucher = [lastId, cumulativeTokens, zeroHash, await sign(renter, signed)]
      if (next(2) > 0) return market('settleSessionWithVoucher', host, voucher)
      const final = await signFinal(host, signed)
      return market('completeSessionWithFinal', renter, [lastId, cumulativeTokens, final])
    },
    async () => {
      const [renter, host] = [pick(renters), pick(hosts)]
      const opened = await openFull(renter, { host, proofMode: attested })
      if (!opened) return
      await market('submitProofOfWork', host, [lastId, unsigned, count() / 2n])
      if (next(2) > 0) await market('submitProofOfWork', host, [lastId, unsigned, count() / 2n])
      const end = next(5)
      if (end > 0) {
        const { value } = await publicClient.readContract({
          address: book.marketplace,
          abi: marketAbi,
          functionName: 'attestedWork',
          args: [lastId],
        })
        // In tokens the bond comes out of what the renter is owed.
        const bond = (value + 99n) / 100n
        const paid = await market('challengeAttestedWork', renter, [lastId], bond)
        if (!paid) await market('challengeAttestedWork', renter, [lastId])
      }
      const decided = [lastId, next(2) === 0]
      if (end > 1) await market('decideAttestedWork', wallets.arbiter, decided)
      if (end === 1) await pass(4 * day)
      if (next(2) > 0) await market('settleSession', host, [lastId])
    },
    async () => {
      const [token, renter] = [pick(tokens), pick(renters)]
      const amount = depositOf(token) * 2n
      const value = token === zeroAddress ? amount : 0n
      await market('depositPrepaid', renter, [token, amount], value)
      await openFull(renter, { token, fromDeposit: true, proofMode: pick([coSigned, attested]) })
    },
    async () => {
      const id = anyId()
      for (const renter of renters) {
        await market('setCoSigner', renter, [id, wallets.signerA.account.address])
      }
    },
    async () => {
      const id = anyId()
      for (const renter of renters) await market('completeSessionJob', renter, [id])
      await pass(pick([minute, hour]))
      await market('finalizeSession', pick(renters), [id])
    },
    () => market('settleSession', pick(hosts), [anyId()]),
    () => market('triggerSessionTimeout', pick(renters), [anyId()]),
    () => market('withdraw', pick(everyone), [pick(tokens)]),
    () => market('withdrawAll', pick(everyone), [tokens]),
    () => market('distributeFees', pick(renters), [pick(tokens)]),
    () => registry('stake', pick(hosts), [parseEther('100')]),
    () => registry('requestUnstake', pick(hosts), [parseEther(pick(['5', '5', '1', '100']))]),
    () => registry('withdrawUnstaked', pick(hosts)),
    async () => {
      if (next(4) > 0) return
      const args = [pick(hosts).account.address, parseEther('50'), book.timelock, 'told lies']
      await registry('slash', book.timelock, args)
      await reputation('slashReputation', book.timelock, [args[0], 7n, 'told lies'])
    },
    async () => {
      if (next(8) === 0) await registry('unregisterNode', pick(hosts))
    },
    async () => {
      for (const host of hosts) {
        const again = ['gpu:rtx4090,models:llama-70b,region:eu']
        if (await registry('registerNode', host, again)) {
          await registry('stake', host, [parseEther('1000')])
        }
      }
    },
    () => registry('setAccepting', pick(hosts), [next(10) > 0]),
    () => pass(pick([10, minute, 30 * minute, 2 * hour, day])),
  ]
  // Something to work with before the walk begins.
  for (let i = 0; i < 6; i++) await actions[i % 3]?.()
  for (let i = 0; i < 4; i++) {
    await post()
    await market('claimJob', pick(hosts), [lastId])
    await pass(hour)
    await market('claimExpired', pick(renters), [lastId])
  }
  for (let i = 0; i < steps; i++) await pick(actions)()
  return { actors, lastId, tokens }
}
