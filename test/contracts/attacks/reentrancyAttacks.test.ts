import { type Address, parseEther, zeroAddress } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Call, callOf } from './attackChain.ts'
import { type AttackScene, attackScene, day } from './scene.ts'

let scene: AttackScene
beforeAll(async () => {
  scene = await attackScene()
})
beforeEach(() => scene.reset())

/** A session of 1 ETH, or as much of the token, of which half is used. */
const parts = {
  renter: parseEther('0.5'),
  host: parseEther('0.425'),
  treasury: parseEther('0.05'),
  stakers: parseEther('0.025'),
}
const oneUsdc = 1_000_000n
type Attacker = keyof typeof parts

const exits = {
  completeSessionJob: async (id: bigint, { renter }: Parties) => {
    await scene.send(renter, scene.market('completeSessionJob', [id]))
    await scene.wait(3_600n)
    await scene.send(scene.stranger, scene.market('finalizeSession', [id]))
  },
  claimWithProof: async (id: bigint, { host }: Parties) => {
    const proof = scene.proofOf(await scene.sign(id, 5_000n))
    await scene.send(host, scene.market('claimWithProof', [id, proof, 1_000n]))
  },
  triggerSessionTimeout: async (id: bigint) => {
    await scene.wait(day + 7_200n)
    await scene.send(scene.stranger, scene.market('triggerSessionTimeout', [id]))
  },
  claimAbandonedSession: async (id: bigint, { host }: Parties) => {
    await scene.send(host, scene.market('claimAbandonedSession', [id]))
  },
}
type Parties = { renter: Address; host: Address }

/** Everything by which money could leave a second time. */
const reentries = (id: bigint, other: bigint, token: Address): Call[] => [
  scene.market('withdraw', [token]),
  scene.market('withdraw', [token, scene.stranger]),
  // Of what it is owed, it is owed this still: another token.
  scene.market('withdrawAll', [[token, scene.book.usdc]]),
  scene.market('distributeFees', [token]),
  ...[id, other].flatMap((one) => [
    scene.market('completeSessionJob', [one]),
    scene.market('finalizeSession', [one]),
    scene.market('triggerSessionTimeout', [one]),
    scene.market('claimAbandonedSession', [one]),
    scene.market('settleSession', [one]),
    scene.market('settleMany', [[one]]),
    scene.market('claimWithProof', [one, '0x', 0n]),
  ]),
  scene.market('createSessionFromDeposit', [scene.sessionOf({ token })]),
]

async function play(attacker: Attacker, token: Address) {
  const contract = await scene.deployHostile('ReentrantWallet')
  const { abi } = scene.hostile.ReentrantWallet ?? { abi: [] }
  scene.people.set('attacker', contract)
  await scene.testClient.setBalance({ address: contract, value: parseEther('10') })
  await scene.fund(scene.book.usdc, contract, oneUsdc)
  await scene.send(contract, scene.market('depositPrepaid', [scene.book.usdc, oneUsdc]))
  const parties = { renter: scene.renter, host: scene.host }
  if (attacker === 'renter') parties.renter = contract
  if (attacker === 'host') {
    parties.host = contract
    await scene.becomeHost(contract)
  }
  if (attacker === 'treasury') await scene.govern(scene.market('setTreasury', [contract]))
  if (attacker === 'stakers') await scene.govern(scene.market('setStakers', [contract]))

  const terms = { host: parties.host, token, coSigner: scene.renter }
  const [id, other] = [
    await scene.open(terms, parties.renter),
    await scene.open(terms, parties.renter),
  ]
  const attacks = reentries(id, other, token).map(({ data }) => data)
  const { marketplace } = scene.book
  await scene.send(scene.stranger, callOf(contract, abi, 'arm', [marketplace, attacks]))
  return {
    id,
    parties,
    contract,
    /** How often it called back, and how often that went through. */
    record: async () => ({
      attempts: await scene.read<bigint>(contract, abi, 'attempts'),
      successes: await scene.read<bigint>(contract, abi, 'successes'),
    }),
  }
}

const nameOf = (role: Attacker, attacker: Attacker) => (role === attacker ? 'attacker' : role)

/** Settles a half-used session by one exit, then has the attacker paid, who calls back. */
async function attack(
  exit: keyof typeof exits,
  attacker: Attacker,
  token: Address,
  symbol: string,
) {
  const { id, parties, contract, record } = await play(attacker, token)
  // The last 1,000 come with the claim.
  const tokens = exit === 'claimWithProof' ? 4_000n : 5_000n
  const voucher = [id, tokens, `0x${'00'.repeat(32)}`, await scene.sign(id, tokens)]
  await scene.send(scene.stranger, scene.market('submitCheckpoint', voucher))

  expect(await scene.changesOf(() => exits[exit](id, parties)), 'the exit').toEqual({
    [`${symbol} owed to ${nameOf('host', attacker)}`]: parts.host,
    [`${symbol} owed to ${nameOf('renter', attacker)}`]: parts.renter,
    [`${symbol} fees for the treasury`]: parts.treasury,
    [`${symbol} fees for the stakers`]: parts.stakers,
  })
  expect(await record(), 'nobody is called by an exit').toEqual({ attempts: 0n, successes: 0n })

  const isFee = attacker === 'treasury' || attacker === 'stakers'
  const payment = isFee
    ? () => scene.send(scene.stranger, scene.market('distributeFees', [token]))
    : () => scene.send(contract, scene.market('withdraw', [token]))
  const changes = await scene.changesOf(payment)
  expect(changes[`${symbol} of attacker`], 'paid once').toBe(parts[attacker])
  const paid = isFee ? parts.treasury + parts.stakers : parts[attacker]
  expect(changes[`${symbol} in the marketplace`]).toBe(-paid)
  const after = await record()
  expect(after.attempts).toBeGreaterThanOrEqual(19n)
  expect(after.successes).toBe(0n)
}

describe.each(Object.keys(exits) as (keyof typeof exits)[])('[X-01] after %s', (exit) => {
  test.each(['renter', 'host', 'treasury', 'stakers'] as const)(
    'a %s that calls back when it is paid is paid once',
    (attacker) => attack(exit, attacker, zeroAddress, 'ETH'),
  )

  test.each(['renter', 'host', 'treasury'] as const)(
    'a %s that its token tells of every transfer is paid once',
    async (attacker) => {
      const token = await scene.deployHostile('CallbackToken')
      await scene.listToken('CALL', token)
      await scene.fund(token, scene.renter, parseEther('10'))
      await scene.fund(token, scene.victim, parseEther('10'))
      await scene.send(scene.victim, scene.market('depositPrepaid', [token, parseEther('10')]))
      const deployHostile = scene.deployHostile
      const funded: typeof deployHostile = async (...args) => {
        const contract = await deployHostile(...args)
        await scene.fund(token, contract, parseEther('10'))
        return contract
      }
      scene = { ...scene, deployHostile: funded }
      try {
        await attack(exit, attacker, token, 'CALL')
      } finally {
        scene = { ...scene, deployHostile }
      }
    },
  )
})

test('[X-01] a renter that its token tells of the deposit cannot call back while it is taken', async () => {
  const token = await scene.deployHostile('CallbackToken')
  await scene.listToken('CALL', token)
  const contract = await scene.deployHostile('ReentrantWallet')
  const { abi } = scene.hostile.ReentrantWallet ?? { abi: [] }
  scene.people.set('attacker', contract)
  await scene.fund(scene.book.usdc, contract, oneUsdc)
  await scene.send(contract, scene.market('depositPrepaid', [scene.book.usdc, oneUsdc]))
  await scene.fund(token, contract, parseEther('10'))
  const params = { token, coSigner: scene.renter }
  await scene.open(params, contract)
  const { marketplace } = scene.book
  const again = [
    scene.market('createSession', [scene.sessionOf(params)]),
    scene.market('depositPrepaid', [token, parseEther('1')]),
    ...reentries(2n, 3n, token),
  ].map(({ data }) => data)
  await scene.send(scene.stranger, callOf(contract, abi, 'arm', [marketplace, again]))

  expect(await scene.changesOf(() => scene.open(params, contract))).toEqual({
    'CALL in the marketplace': parseEther('1'),
    'CALL that the marketplace owes': parseEther('1'),
    'CALL of attacker': -parseEther('1'),
  })
  expect(await scene.read(contract, abi, 'attempts')).toBe(21n)
  expect(await scene.read(contract, abi, 'successes')).toBe(0n)
})
