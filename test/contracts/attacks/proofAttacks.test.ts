import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ezklVerifierAbi, proofSystemAbi } from '@fabstir/contracts/abi'
import { readArtifact } from '@fabstir/contracts/deploy'
import {
  type Address,
  encodeAbiParameters,
  encodeDeployData,
  getAbiItem,
  getAddress,
  type Hex,
  keccak256,
  pad,
  parseEther,
  stringToHex,
  zeroHash,
} from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Arena, because, openArena } from './arena.ts'

type Fixture = {
  layout: { count: number; binding: number; inputs: number; outputs: number }
  modelCommitment: Hex
  vkHash: Hex
  verifierCreationCode: Hex
  proofs: Record<'job1' | 'job2', { marketplace: Address; instances: Hex[]; proof: Hex }>
}
const file = join(import.meta.dirname, '../../fixtures/ezkl/proofs.json')
const fixture = JSON.parse(await readFile(file, 'utf8')) as Fixture

const model = 'perceptron'
const [oneEther, bond] = [parseEther('1'), parseEther('10')]
const [hour, day] = [3_600, 86_400]
const status = { submitted: 3, failed: 6, disputed: 8 }
const proofStatus = { none: 0, submitted: 1, verified: 2, invalid: 3 }

let arena: Arena
let verifier: Address
let host: Address
let renter: Address
let victim: Address
let stranger: Address
let rival: Address
beforeAll(async () => {
  arena = await openArena()
  renter = arena.of('renter')
  stranger = arena.of('anyone')
  victim = await arena.actor('victim')
  host = await arena.host(arena.of('host'))
  rival = await arena.host(await arena.actor('rival'))
  expect(arena.book.marketplace).toBe(fixture.proofs.job1.marketplace)
  verifier = await deploy(
    encodeDeployData({
      abi: ezklVerifierAbi,
      bytecode: (await readArtifact('EzklVerifier')).bytecode,
      args: [await deploy(fixture.verifierCreationCode), 1_500_000n],
    }),
  )
  await arena.govern('proofSystem', 'registerCircuit', circuit())
  for (const one of [renter, rival]) {
    await arena.give.fab(one, '100')
    await arena.approve(one, 'fab', arena.book.proofSystem)
  }
})

const apart = (run: () => Promise<void>) => () => arena.apart(run)()
const parties = () => [host, renter, victim, stranger, rival]
const circuit = () => [
  keccak256(stringToHex(model)),
  verifier,
  fixture.vkHash,
  { modelCommitment: fixture.modelCommitment, ...fixture.layout },
]
async function deploy(data: Hex): Promise<Address> {
  const hash = await arena.wallets.deployer.sendTransaction({ data })
  const { contractAddress } = await arena.publicClient.getTransactionReceipt({ hash })
  if (!contractAddress) throw new Error('nothing was deployed')
  return getAddress(contractAddress)
}

type Proof = {
  instances: bigint[]
  proof: Hex
  vk: Hex
  modelCommitment: Hex
  inputHash: Hex
  outputHash: Hex
}
const proofOf = (name: 'job1' | 'job2'): Proof => {
  const { instances, proof } = fixture.proofs[name]
  const [modelCommitment = zeroHash, inputHash = zeroHash, outputHash = zeroHash] = instances
  return {
    ...{ modelCommitment, inputHash, outputHash, proof, vk: fixture.vkHash },
    instances: instances.map(BigInt),
  }
}
/** The same proof with one byte of it changed. */
const forged = (proof: Proof): Proof => ({
  ...proof,
  proof: `${proof.proof.slice(0, -2)}${proof.proof.endsWith('00') ? '01' : '00'}` as Hex,
})
const submitProof = getAbiItem({ abi: proofSystemAbi, name: 'submitProof' })
const encoded = (proof: Proof) => encodeAbiParameters([submitProof.inputs[1]], [proof])
/** Posts a job over the input of `job1` and has it claimed. */
const claimed = async (requiresProof: boolean) => {
  const details = {
    ...{ modelId: model, prompt: proofOf('job1').inputHash, maxTokens: 100n, temperature: 0n },
    ...{ seed: 1n, resultFormat: 'json' },
  }
  const requirements = {
    ...{ minGPUMemory: 0n, minReputationScore: 0n, maxTimeToComplete: BigInt(day), requiresProof },
  }
  const args = [details, requirements, oneEther]
  await arena.send(renter, 'marketplace', 'postJob', args, oneEther)
  const id = await arena.read<bigint>('marketplace', 'lastJobId')
  await arena.send(host, 'marketplace', 'claimJob', [id])
  return id
}
const handedIn = async () => {
  const id = await claimed(false)
  await arena.send(host, 'marketplace', 'submitResult', [id, 'cid'])
  return id
}
const stateOf = async (id: bigint) => ({
  job: (await arena.read<{ status: number }>('marketplace', 'getJob', [id])).status,
  proof: (await arena.read<{ status: number }>('proofSystem', 'getProof', [id])).status,
})
const complete = (id: bigint, proof: Hex) =>
  arena.refused(host, 'marketplace', 'completeJob', [id, 'cid', proof])

describe('X-40 marketplace and proof system understand each other', () => {
  test(
    'a job that requires a proof takes nothing less, and is paid with one',
    apart(async () => {
      const id = await claimed(true)
      await arena.harmless(parties(), async () => {
        expect(await complete(id, '0x')).toEqual(because('JobProofRequired', id))
        expect(await arena.refused(host, 'marketplace', 'submitResult', [id, 'cid'])).toEqual(
          because('JobProofRequired', id),
        )
      })
      await arena.send(host, 'marketplace', 'completeJob', [id, 'cid', encoded(proofOf('job1'))])
      expect(await stateOf(id)).toEqual({ job: status.submitted, proof: proofStatus.verified })
      await arena.send(renter, 'marketplace', 'releasePayment', [id])
      expect(await arena.withdrawable(host)).toBe(parseEther('0.85'))
      expect(await arena.reputationOf(host)).toBe(110n)
    }),
  )

  test(
    'submitProof and verifyProof work on a job of the real marketplace',
    apart(async () => {
      const id = await handedIn()
      await arena.send(host, 'proofSystem', 'submitProof', [id, proofOf('job1')])
      await arena.harmless(parties(), async () => {
        expect(await arena.refused(renter, 'marketplace', 'releasePayment', [id])).toEqual(
          because('JobPayoutBlocked', id),
        )
      })
      await arena.send(stranger, 'proofSystem', 'verifyProof', [id, proofOf('job1')])
      expect(await stateOf(id)).toEqual({ job: status.submitted, proof: proofStatus.verified })
      await arena.send(renter, 'marketplace', 'releasePayment', [id])
      expect(await arena.withdrawable(host)).toBe(parseEther('0.85'))
    }),
  )

  test(
    'a dispute saves no host whose proof does not hold, or whose result a resolver found wrong',
    apart(async () => {
      const disputed = async () => {
        const id = await handedIn()
        await arena.send(renter, 'marketplace', 'disputeResult', [id], parseEther('0.01'))
        return id
      }
      const refunded = async (id: bigint, owed: bigint) => {
        expect((await stateOf(id)).job).toBe(status.failed)
        expect(await arena.withdrawable(renter)).toBe(owed)
        expect(await arena.withdrawable(host)).toBe(0n)
        const resolve = [pad(`0x${id.toString(16)}`), host]
        await arena.harmless(parties(), async () => {
          const arbiter = arena.of('arbiter')
          expect(await arena.refused(arbiter, 'marketplace', 'resolveDispute', resolve)).toEqual(
            because('JobWrongStatus', id, status.failed, status.disputed),
          )
        })
      }
      const proven = await disputed()
      const bad = forged(proofOf('job1'))
      await arena.send(host, 'proofSystem', 'submitProof', [proven, bad])
      await arena.send(stranger, 'proofSystem', 'verifyProof', [proven, bad])
      await refunded(proven, parseEther('1.01'))

      const judged = await handedIn()
      const evidence = await arena.read<Hex>('proofSystem', 'evidenceHashOf', [
        ...[judged, rival, 'bafkreievidence', zeroHash],
      ])
      await arena.send(rival, 'proofSystem', 'challengeProof', [judged, evidence, bond])
      await arena.send(rival, 'proofSystem', 'revealEvidence', [1n, 'bafkreievidence', zeroHash])
      await arena.send(renter, 'marketplace', 'disputeResult', [judged], parseEther('0.01'))
      await arena.send(arena.of('arbiter'), 'proofSystem', 'resolveChallenge', [1n, true])
      await refunded(judged, parseEther('2.02'))
    }),
  )
})

describe('X-41 a proof is verified, not compared', () => {
  test(
    'fields that agree with each other prove nothing',
    apart(async () => {
      const id = await claimed(true)
      const good = proofOf('job1')
      const { binding, outputs } = fixture.layout
      const wrongOutput = { ...good, outputHash: keccak256(stringToHex('wrong_output')) }
      const instances = [...good.instances]
      instances[outputs] = 0n
      await arena.harmless(parties(), async () => {
        for (const bytes of [forged(good).proof, pad('0x01', { size: 6_146 }), '0x'] as const) {
          const refusal = await complete(id, encoded({ ...good, proof: bytes }))
          expect(refusal).toEqual(because('ProofSystemInvalidProof', id))
        }
        expect((await complete(id, encoded(wrongOutput)))?.name).toBe('ProofSystemInstanceMismatch')
        expect((await complete(id, encoded({ ...good, instances })))?.name).toBe(
          'ProofSystemInstanceMismatch',
        )
        // A valid proof of another job, though of the same circuit and host.
        const [, other] = [good, proofOf('job2')]
        expect(await complete(id, encoded(other))).toEqual(
          because(
            'ProofSystemInstanceMismatch',
            BigInt(binding),
            other.instances[binding],
            good.instances[binding],
          ),
        )
        expect(await complete(id, encoded({ ...good, vk: zeroHash }))).toEqual(
          because('ProofSystemKeyMismatch', verifier, zeroHash),
        )
      })
      expect((await stateOf(id)).proof).toBe(proofStatus.none)
      await arena.send(host, 'marketplace', 'completeJob', [id, 'cid', encoded(good)])
    }),
  )

  test(
    'an invalid proof is recorded, fails the job and refunds the renter',
    apart(async () => {
      const id = await handedIn()
      const bad = forged(proofOf('job1'))
      await arena.harmless(parties(), async () => {
        for (const attacker of [rival, renter]) {
          expect(
            await arena.refused(attacker, 'proofSystem', 'submitProof', [id, proofOf('job1')]),
          ).toEqual(because('ProofSystemNotHost', id, attacker, host))
        }
      })
      await arena.send(host, 'proofSystem', 'submitProof', [id, bad])
      // The valid proof that an observer has does not save it, nor does any other.
      const args = [id, proofOf('job1')]
      expect((await arena.refused(host, 'proofSystem', 'verifyProof', args))?.name).toBe(
        'ProofSystemProofMismatch',
      )
      await arena.send(stranger, 'proofSystem', 'verifyProof', [id, bad])
      expect(await stateOf(id)).toEqual({ job: status.failed, proof: proofStatus.invalid })
      expect(await arena.withdrawable(renter)).toBe(oneEther)
      expect(await arena.withdrawable(host)).toBe(0n)
      expect(await arena.reputationOf(host)).toBe(80n)
      await arena.harmless(parties(), async () => {
        expect(await arena.refused(host, 'proofSystem', 'submitProof', args)).toEqual(
          because('ProofSystemWrongStatus', id, proofStatus.invalid, proofStatus.none),
        )
      })
    }),
  )

  test(
    'nobody registers a verifier of its own, and the timelock none without its key',
    apart(() =>
      arena.harmless(parties(), async () => {
        for (const attacker of [stranger, host, arena.of('deployer')]) {
          expect(
            await arena.refused(attacker, 'proofSystem', 'registerCircuit', circuit()),
          ).toEqual(because('OwnableUnauthorizedAccount', attacker))
        }
        const [id, , , layout] = circuit()
        const register = (args: readonly unknown[]) =>
          arena.refused(arena.book.timelock, 'proofSystem', 'registerCircuit', args)
        expect(await register([id, verifier, zeroHash, layout])).toEqual(
          because('ProofSystemKeyMismatch', verifier, zeroHash),
        )
        expect(await register([id, stranger, fixture.vkHash, layout])).toEqual(
          because('ProofSystemNotVerifier', stranger),
        )
      }),
    ),
  )

  test(
    'a challenge freezes the payout; when the resolver is silent its bond goes back, in FAB',
    apart(async () => {
      const id = await handedIn()
      const evidence = await arena.read<Hex>('proofSystem', 'evidenceHashOf', [
        ...[id, renter, 'bafkreievidence', zeroHash],
      ])
      await arena.harmless(parties(), async () => {
        for (const [attacker, stake, refusal] of [
          [host, bond, because('ChallengeNotParty', id, host)],
          [stranger, bond, because('ChallengeNotParty', id, stranger)],
          [renter, 0n, because('ChallengeBondMismatch', 0n, bond)],
        ] as const) {
          const args = [id, evidence, stake]
          expect(await arena.refused(attacker, 'proofSystem', 'challengeProof', args)).toEqual(
            refusal,
          )
        }
      })
      await arena.send(renter, 'proofSystem', 'challengeProof', [id, evidence, bond])
      await arena.send(renter, 'proofSystem', 'revealEvidence', [1n, 'bafkreievidence', zeroHash])
      await arena.wait(day)
      await arena.harmless(parties(), async () => {
        expect(await arena.refused(host, 'marketplace', 'autoRelease', [id])).toEqual(
          because('JobPayoutBlocked', id),
        )
        for (const attacker of [stranger, host, renter]) {
          expect(
            await arena.refused(attacker, 'proofSystem', 'resolveChallenge', [1n, true]),
          ).toEqual(because('ChallengeNotResolver', 1n, attacker))
        }
      })
      await arena.wait(3 * day + 12 * hour)
      await arena.send(stranger, 'proofSystem', 'expireChallenge', [1n])
      expect(await arena.read('proofSystem', 'withdrawableBond', [host])).toBe(0n)
      await arena.send(renter, 'proofSystem', 'withdrawBond')
      expect(await arena.read('fab', 'balanceOf', [renter])).toBe(parseEther('100'))
      await arena.send(stranger, 'marketplace', 'autoRelease', [id])
      expect(await arena.withdrawable(host)).toBe(parseEther('0.85'))
    }),
  )

  test(
    'a host answers a challenge with a valid proof and gets the bond',
    apart(async () => {
      const id = await handedIn()
      await arena.send(rival, 'proofSystem', 'challengeProof', [id, keccak256('0x'), bond])
      await arena.send(host, 'proofSystem', 'submitProof', [id, proofOf('job1')])
      await arena.send(stranger, 'proofSystem', 'verifyProof', [id, proofOf('job1')])
      await arena.harmless(parties(), async () => {
        expect((await arena.refused(rival, 'proofSystem', 'expireChallenge', [1n]))?.name).toBe(
          'ChallengeWrongStatus',
        )
      })
      expect(await arena.read('proofSystem', 'withdrawableBond', [host])).toBe(bond)
      await arena.send(renter, 'marketplace', 'releasePayment', [id])
    }),
  )
})
