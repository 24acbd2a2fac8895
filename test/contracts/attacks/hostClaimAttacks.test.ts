import { parseEther, zeroAddress, zeroHash } from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AttackScene, attackScene, day, mode } from './scene.ts'

let scene: AttackScene
beforeAll(async () => {
  scene = await attackScene()
})
beforeEach(() => scene.reset())

const nobody = zeroAddress
const settle = (id: bigint) => scene.send(scene.host, scene.market('settleSession', [id]))

describe('[X-16] a host that vouches for itself', () => {
  const invented = 2_000_000n
  /** 0.2 ETH pay for 2,000,000 tokens. */
  const terms = { deposit: parseEther('0.2'), pricePer1000: parseEther('0.0001') }

  test('in a co-signed session is not heard, whatever it signs', async () => {
    const { keys, host, renter, market } = scene
    const id = await scene.open(terms)
    const other = await scene.open(terms)
    const own = `SessionBadCoSignature(${id}, ${host}, ${renter})`
    const another = new RegExp(`^SessionBadCoSignature\\(${id}, 0x[0-9a-fA-F]{40}, ${renter}\\)$`)
    const byHost = await scene.sign(id, invented, keys.host)
    const elsewhere = [
      await scene.sign(other, invented),
      await scene.sign(id, invented, keys.renter, { chainId: 8_453 }),
      await scene.sign(id, invented, keys.renter, { verifyingContract: host }),
      await scene.sign(id, invented - 1n),
    ]
    const changes = await scene.changesOf(async () => {
      for (const [signature, error] of [
        [byHost, own] as const,
        ...elsewhere.map((one) => [one, another] as const),
      ]) {
        const proof = scene.proofOf(signature)
        for (const [name, args] of [
          ['submitCheckpoint', [id, invented, zeroHash, signature]],
          ['submitProofOfWork', [id, proof, invented]],
          ['submitBatchProofs', [[id], [proof], [invented]]],
          ['settleSessionWithVoucher', [id, invented, zeroHash, signature]],
          ['claimWithProof', [id, proof, invented]],
        ] as const) {
          expect(await scene.refusalOf(host, market(name, args)), name).toMatch(error)
        }
      }
      const asCoSigner = scene.createCall({ coSigner: host })
      expect(await scene.refusalOf(renter, asCoSigner)).toBe(`MarketplaceSelfDealing(${host})`)
      const change = market('setCoSigner', [id, host])
      expect(await scene.refusalOf(renter, change)).toBe(`MarketplaceSelfDealing(${host})`)
      expect(await scene.refusalOf(host, change)).toBe(`SessionNotRenter(${id}, ${host})`)
    })
    expect(changes).toEqual({})
  })

  const attest = (id: bigint, tokens = invented) =>
    scene.market('submitProofOfWork', [id, scene.proofOf('0x'), tokens])
  const attested = { ...terms, proofMode: mode.attested }
  const cap = () => scene.govern(scene.market('setMaxPending', [nobody, parseEther('0.25')]))

  test('attests nothing until governance opens that mode, and never above its cap', async () => {
    const closed = await scene.refusalOf(scene.renter, scene.createCall(attested))
    expect(closed).toBe('SessionProofModeUnavailable(1)')
    await cap()
    const id = await scene.open(attested)
    const other = await scene.open(attested)
    const changes = await scene.changesOf(async () => {
      const byStranger = await scene.refusalOf(scene.stranger, attest(id))
      expect(byStranger).toBe(`SessionNotHost(${id}, ${scene.stranger})`)
      await scene.send(scene.host, attest(id))
      expect(await scene.refusalOf(scene.host, attest(other))).toBe(
        `SessionPendingExceeded(${scene.host}, ${nobody}, ${parseEther('0.4')}, ${parseEther('0.25')})`,
      )
      expect(await scene.refusalOf(scene.host, attest(id, 1_000n))).toBe(
        `SessionCapacityExceeded(${id}, ${invented + 1_000n}, ${invented})`,
      )
    })
    expect(changes).toEqual({})
    expect(await scene.details(id)).toMatchObject({ provenTokens: 0n })
  })

  test('cannot be paid for attested work before its day is over', async () => {
    await cap()
    const id = await scene.open(attested)
    await scene.send(scene.host, attest(id))
    expect(await scene.changesOf(() => settle(id))).toEqual({
      'ETH owed to renter': parseEther('0.2'),
    })
    const other = await scene.open(attested)
    const claim = scene.market('claimWithProof', [other, scene.proofOf('0x'), invented])
    expect(await scene.refusalOf(scene.host, claim)).toBe(
      `SessionBadCoSignature(${other}, ${zeroAddress}, ${scene.renter})`,
    )
  })

  test('is not paid for attested work that the arbiter finds invented', async () => {
    await cap()
    const { host, renter, stranger, market } = scene
    const id = await scene.open(attested)
    await scene.send(host, attest(id, invented / 2n))
    const bond = parseEther('0.001')
    const changes = await scene.changesOf(async () => {
      const challenge = market('challengeAttestedWork', [id], bond)
      expect(await scene.refusalOf(stranger, challenge)).toBe(
        `SessionNotRenter(${id}, ${stranger})`,
      )
      await scene.send(renter, challenge)
      const more = await scene.refusalOf(host, attest(id, 1_000n))
      expect(more).toBe(`SessionWorkUnderChallenge(${id})`)
      const decide = (worked: boolean) => market('decideAttestedWork', [id, worked])
      expect(await scene.refusalOf(host, decide(true))).toBe(`SessionNotArbiter(${host})`)
      expect(await scene.refusalOf(renter, decide(false))).toBe(`SessionNotArbiter(${renter})`)
      await scene.send(scene.wallets.arbiter.account.address, decide(false))
      await scene.wait(2n * day)
      await settle(id)
    })
    expect(changes).toEqual({
      'ETH of renter': -bond,
      'ETH in the marketplace': bond,
      'ETH that the marketplace owes': bond,
      'ETH owed to renter': parseEther('0.2') + bond,
    })
  })
})
