import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { proofSystemAbi } from '@fabstir/contracts/abi'
import { readArtifact } from '@fabstir/contracts/deploy'
import {
  type Address,
  concatHex,
  encodeAbiParameters,
  encodeDeployData,
  type Hex,
  hexToBigInt,
  keccak256,
  parseAbiParameters,
  parseEther,
  size,
  sliceHex,
  stringToHex,
  zeroAddress,
  zeroHash,
} from 'viem'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callOf } from './attackChain.ts'
import { type AttackScene, attackScene, mode, type SessionParams, status } from './scene.ts'

type Proof = { jobId: number; host: Address; marketplace: Address; instances: Hex[]; proof: Hex }
type Fixture = {
  layout: { count: number; binding: number; inputs: number; outputs: number }
  modelCommitment: Hex
  vkHash: Hex
  verifierCreationCode: Hex
  proofs: Record<'session1000' | 'session2500', Proof>
}
const file = join(import.meta.dirname, '../../fixtures/ezkl/proofs.json')
const ezkl = JSON.parse(await readFile(file, 'utf8')) as Fixture

const model = keccak256(stringToHex('perceptron'))
const nobody = zeroAddress
/** The same bytes in every run, of no meaning. */
const randomBytes = (length: number, seed: number): Hex =>
  sliceHex(
    concatHex(
      Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
        keccak256(stringToHex(`${seed} ${i}`)),
      ),
    ),
    0,
    length,
  )
const encodeProof = (instances: readonly bigint[], proof: Hex) =>
  encodeAbiParameters(parseAbiParameters('uint256[], bytes'), [instances, proof])
const numbersOf = ({ instances }: Proof) => instances.map((value) => hexToBigInt(value))
const { session1000, session2500 } = ezkl.proofs
const goodProof = (proof: Proof) => encodeProof(numbersOf(proof), proof.proof)

let scene: AttackScene
beforeAll(async () => {
  // The proofs are bound to the session with the id 1.
  scene = await attackScene({ withoutVictimsSession: true })
})
beforeEach(() => scene.reset())

const verified = { model, proofMode: mode.verified } satisfies Partial<SessionParams>

/** A real verifier for the model. */
async function registerCircuit() {
  const halo2 = await scene.deployCode(ezkl.verifierCreationCode)
  const { abi, bytecode } = await readArtifact('EzklVerifier')
  const args = [halo2, 3_000_000n]
  const verifier = await scene.deployCode(encodeDeployData({ abi, bytecode, args }))
  const layout = { ...ezkl.layout, modelCommitment: ezkl.modelCommitment }
  await scene.govern(
    callOf(scene.book.proofSystem, proofSystemAbi, 'registerCircuit', [
      model,
      verifier,
      ezkl.vkHash,
      layout,
    ]),
  )
}
const submit = (id: bigint, proof: Hex, tokens: bigint) =>
  scene.market('submitProofOfWork', [id, proof, tokens])
const settledFor = (tokens: bigint, deposit = parseEther('1')) => {
  const gross = tokens * parseEther('0.0001')
  return {
    'ETH owed to host': (gross * 85n) / 100n,
    'ETH owed to renter': deposit - gross,
    'ETH fees for the treasury': gross / 10n,
    'ETH fees for the stakers': gross / 20n,
  }
}
const settle = (id: bigint) => scene.send(scene.host, scene.market('settleSession', [id]))
const nothingPaid = { 'ETH owed to renter': parseEther('1') }

describe('[X-06] bytes that prove nothing', () => {
  test.each([64, 65, 128, 4_096])('%d random ones, in the first second', async (length) => {
    const id = await scene.open()
    const startedAt = await scene.now()
    const changes = await scene.changesOf(async () => {
      await scene.nextAt(startedAt + 1n)
      for (const from of [scene.host, scene.stranger]) {
        const raw = randomBytes(length, 1)
        expect(await scene.refusalOf(from, submit(id, raw, 10_000n))).toBe('no reason')
        const formed = scene.proofOf(randomBytes(length, 2))
        expect(await scene.refusalOf(from, submit(id, formed, 10_000n))).toMatch(
          new RegExp(`^SessionBadCoSignature\\(${id}, 0x[0-9a-fA-F]{40}, ${scene.renter}\\)$`),
        )
      }
    })
    expect(changes).toEqual({})
    expect(await scene.changesOf(() => settle(id))).toEqual(nothingPaid)
  })

  test('against a real circuit: the true proof is the only one that pays', async () => {
    expect({ market: session1000.marketplace, host: session1000.host }).toEqual({
      market: scene.book.marketplace,
      host: scene.host,
    })
    await registerCircuit()
    const id = await scene.open(verified)
    const instances = numbersOf(session1000)
    const { binding } = ezkl.layout
    const bound = instances[binding] ?? 0n
    const commitment = hexToBigInt(ezkl.modelCommitment)
    const foreign = numbersOf(session2500)[binding]
    const random = instances.map((_, i) => hexToBigInt(randomBytes(31, i)))
    const randomProof = randomBytes(size(session1000.proof), 3)
    const flipped = concatHex([
      sliceHex(session1000.proof, 0, 99),
      sliceHex(session1000.proof, 99, 100) === '0x00' ? '0x01' : '0x00',
      sliceHex(session1000.proof, 100),
    ])
    const attempts: [proof: Hex, tokens: bigint, error: string][] = [
      [randomBytes(64, 4), 1_000n, 'no reason'],
      [encodeProof([], '0x'), 1_000n, `ProofSystemInstanceCount(0, ${ezkl.layout.count})`],
      [
        encodeProof(random, randomProof),
        1_000n,
        `ProofSystemInstanceMismatch(0, ${random[0]}, ${commitment})`,
      ],
      [encodeProof(instances, randomProof), 1_000n, `ProofSystemInvalidProof(${id})`],
      [encodeProof(instances, flipped), 1_000n, `ProofSystemInvalidProof(${id})`],
      [encodeProof(instances, '0x'), 1_000n, `ProofSystemInvalidProof(${id})`],
      [
        goodProof(session2500),
        1_000n,
        `ProofSystemInstanceMismatch(${binding}, ${foreign}, ${bound})`,
      ],
      [goodProof(session1000), 10_001n, `SessionCapacityExceeded(${id}, 10001, 10000)`],
    ]
    const changes = await scene.changesOf(async () => {
      for (const [proof, tokens, error] of attempts) {
        expect(await scene.refusalOf(scene.host, submit(id, proof, tokens))).toBe(error)
        const claim = scene.market('claimWithProof', [id, proof, tokens])
        expect(await scene.refusalOf(scene.host, claim), 'claimWithProof').toBe(error)
      }
    })
    expect(changes).toEqual({})
    expect(await scene.details(id)).toMatchObject({ status: status.active, provenTokens: 0n })

    await scene.send(scene.host, submit(id, goodProof(session1000), 1_000n))
    expect(await scene.changesOf(() => settle(id))).toEqual(settledFor(1_000n))
  })
})

describe('[X-07] whoever sends a host’s proof first burns nothing', () => {
  test('nobody but the marketplace can mark a proof', async () => {
    await registerCircuit()
    const id = await scene.open(verified)
    const { proofSystem } = scene.book
    const good = goodProof(session1000)
    const single = {
      instances: numbersOf(session1000),
      proof: session1000.proof,
      vk: ezkl.vkHash,
      modelCommitment: ezkl.modelCommitment,
      inputHash: zeroHash,
      outputHash: zeroHash,
    }
    const changes = await scene.changesOf(async () => {
      for (const [name, args, error] of [
        [
          'verifySession',
          [id, scene.host, model, 1_000n, good],
          `ProofSystemNotMarketplace(${scene.stranger})`,
        ],
        ['submitAndVerify', [id, scene.host, good], `ProofSystemNotMarketplace(${scene.stranger})`],
        [
          'submitProof',
          [id, single],
          `ProofSystemNotHost(${id}, ${scene.stranger}, ${scene.host})`,
        ],
        ['verifyProof', [id, single], `ProofSystemWrongStatus(${id}, 0, 1)`],
      ] as const) {
        const call = callOf(proofSystem, proofSystemAbi, name, args)
        expect(await scene.refusalOf(scene.stranger, call), name).toBe(error)
      }
    })
    expect(changes).toEqual({})
    await scene.send(scene.host, submit(id, good, 1_000n))
    expect(await scene.details(id)).toMatchObject({ provenTokens: 1_000n })
  })

  test('a proof that a stranger sends counts for its host, and sent again it reverts', async () => {
    await registerCircuit()
    const id = await scene.open(verified)
    await scene.send(scene.stranger, submit(id, goodProof(session1000), 1_000n))
    expect(await scene.details(id)).toMatchObject({ provenTokens: 1_000n })
    const again = submit(id, goodProof(session1000), 1_000n)
    const bound = await scene.read<bigint>(scene.book.proofSystem, proofSystemAbi, 'bindingOf', [
      ...[id, scene.host, 2_000n, ezkl.modelCommitment],
    ])
    const { binding } = ezkl.layout
    const changes = await scene.changesOf(async () => {
      expect(await scene.refusalOf(scene.host, again)).toBe(
        `ProofSystemInstanceMismatch(${binding}, ${numbersOf(session1000)[binding]}, ${bound})`,
      )
    })
    expect(changes).toEqual({})
    const claim = scene.market('claimWithProof', [id, goodProof(session2500), 1_500n])
    expect(await scene.changesOf(() => scene.send(scene.host, claim))).toEqual(settledFor(2_500n))
  })

  test('a voucher that a stranger sends first does not stop its host from settling with it', async () => {
    const id = await scene.open()
    const voucher = [id, 5_000n, zeroHash, await scene.sign(id, 5_000n)]
    await scene.send(scene.stranger, scene.market('submitCheckpoint', voucher))
    const last = scene.market('settleSessionWithVoucher', voucher)
    expect(await scene.changesOf(() => scene.send(scene.host, last))).toEqual(settledFor(5_000n))
  })
})

test('[X-16] a host cannot use a proof of one session in another', async () => {
  await registerCircuit()
  await scene.open(verified)
  const other = await scene.open(verified)
  const bound = await scene.read<bigint>(scene.book.proofSystem, proofSystemAbi, 'bindingOf', [
    ...[other, scene.host, 1_000n, ezkl.modelCommitment],
  ])
  const { binding } = ezkl.layout
  const changes = await scene.changesOf(async () => {
    expect(await scene.refusalOf(scene.host, submit(other, goodProof(session1000), 1_000n))).toBe(
      `ProofSystemInstanceMismatch(${binding}, ${numbersOf(session1000)[binding]}, ${bound})`,
    )
  })
  expect(changes).toEqual({})
})

describe('[X-17] without a verifier nothing is paid', () => {
  const good = goodProof(session1000)
  const claimAndSubmit = (id: bigint) => [
    submit(id, good, 1_000n),
    scene.market('submitBatchProofs', [[id], [good], [1_000n]]),
    scene.market('claimWithProof', [id, good, 1_000n]),
  ]

  test.each([
    { gone: 'the ProofSystem', error: 'SessionProofModeUnavailable(2)' },
    { gone: 'the code of the ProofSystem', error: 'no reason' },
    { gone: 'the circuit', error: `ProofSystemNoCircuit(${model})` },
  ])('$gone is gone', async ({ gone, error }) => {
    await registerCircuit()
    const id = await scene.open(verified)
    if (gone === 'the circuit') {
      const { proofSystem } = scene.book
      await scene.govern(callOf(proofSystem, proofSystemAbi, 'removeCircuit', [model]))
    } else {
      const replacement = gone === 'the ProofSystem' ? nobody : scene.stranger
      await scene.govern(scene.market('setProofSystem', [replacement]))
    }
    const changes = await scene.changesOf(async () => {
      for (const call of claimAndSubmit(id)) {
        expect(await scene.refusalOf(scene.host, call)).toBe(error)
      }
      if (gone !== 'the ProofSystem') return
      expect(await scene.refusalOf(scene.renter, scene.createCall(verified))).toBe(error)
    })
    expect(changes).toEqual({})
    expect(await scene.changesOf(() => settle(id))).toEqual(nothingPaid)
  })

  test('a session without a model cannot be a verified one', async () => {
    const call = scene.createCall({ ...verified, model: zeroHash })
    expect(await scene.refusalOf(scene.renter, call)).toBe('SessionProofModeUnavailable(2)')
  })
})
