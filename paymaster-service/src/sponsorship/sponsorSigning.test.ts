import { defaultEntryPoint } from '@fabstir/erc4337'
import { hexToNumber, numberToHex, recoverAddress, slice } from 'viem'
import { describe, expect, test, vi } from 'vitest'
import { ReservationGoneError } from '../ledger/errors.ts'
import type { LedgerTables } from '../ledger/sql/schema.ts'
import { parsePolicy } from '../policy/policy.ts'
import { SignerUnavailableError } from '../signing/paymasterSigners.ts'
import { sponsorshipHasher } from '../signing/sponsoredOperation.ts'
import { testChainId, testOperation, testPaymaster, testPolicy } from '../testing/fixtures.ts'
import {
  sponsorNow as now,
  rulesOf,
  setUpSponsor,
  sponsorSigner,
} from '../testing/sponsorFixture.ts'

/** The same key behind an interface that takes its time. */
const elsewhere = { sign: sponsorSigner.sign }
const signNow = (digest: `0x${string}`) => sponsorSigner.signNow?.(digest)

describe('what is signed', () => {
  test.each([
    { where: 'in this process', signer: sponsorSigner },
    { where: 'elsewhere', signer: elsewhere },
  ])('a key $where signs the operation with the answered limits', async ({ signer }) => {
    const { sponsor, request } = await setUpSponsor({ signer })
    const { paymasterData, policy, ...limits } = await sponsor.sponsor(request())
    const validAfter = hexToNumber(slice(paymasterData, 16, 22))
    const validUntil = hexToNumber(slice(paymasterData, 22, 28))
    expect({ validAfter, validUntil }).toEqual({ validAfter: now - 60, validUntil: now + 600 })
    const hash = sponsorshipHasher({
      chainId: testChainId,
      entryPoint: defaultEntryPoint.address,
      paymaster: testPaymaster,
      op: { ...testOperation(), ...limits },
      delegate: undefined,
    })({ policyHash: policy.onChainHash, validAfter, validUntil })
    const signature = slice(paymasterData, 28)
    expect(await recoverAddress({ hash, signature })).toBe(sponsorSigner.address)
  })

  test('both forms answer the same data, and the hash of the operation is kept with them', async () => {
    const signed: string[][] = []
    for (const signer of [sponsorSigner, elsewhere]) {
      const { sponsor, request, ledger } = await setUpSponsor({ signer })
      const { paymasterData, paymaster, policy, ...limits } = await sponsor.sponsor(request())
      const { user_op_hash } = await ledger.store.db
        .withTables<LedgerTables>()
        .selectFrom('sponsorships')
        .select('user_op_hash')
        .executeTakeFirstOrThrow()
      const op = { ...testOperation(), paymaster, paymasterData, ...limits }
      expect(user_op_hash).toBe(defaultEntryPoint.hash(op, testChainId))
      expect(policy.id).toBe('marketplace')
      signed.push([paymasterData, `${user_op_hash}`])
    }
    expect(signed[0]).toEqual(signed[1])
  })
})

describe('a key elsewhere', () => {
  test('it reserves the required prefund before it signs', async () => {
    const reservedWhenSigning: bigint[] = []
    const { sponsor, request, usage } = await setUpSponsor({
      signer: {
        async sign(digest) {
          reservedWhenSigning.push((await usage()).reserved)
          return sponsorSigner.sign(digest)
        },
      },
    })
    const { paymasterVerificationGasLimit } = await sponsor.sponsor(request())
    const gas = 100_000n + 100_000n + 50_000n + paymasterVerificationGasLimit + 1n
    expect(reservedWhenSigning).toEqual([gas * 1_000n])
  })

  test('the same operation has the same data, also when asked twice at once with a signer that never signs alike', async () => {
    let count = 0
    const { sponsor, request } = await setUpSponsor({
      signer: { sign: async () => numberToHex(++count, { size: 65 }) },
    })
    const both = await Promise.all([sponsor.sponsor(request()), sponsor.sponsor(request())])
    const later = await sponsor.sponsor(request())
    expect(new Set([...both, later].map(({ paymasterData }) => paymasterData)).size).toBe(1)
  })
})

describe('a key in this process', () => {
  test('it signs in the transaction of the reservation: nothing is kept afterwards', async () => {
    const { ledger } = await setUpSponsor()
    const keepSignature = async () => {
      throw new Error('there is nothing to keep')
    }
    const { sponsor, request } = await setUpSponsor({ ledger: { ...ledger, keepSignature } })
    const { paymasterData } = await sponsor.sponsor(request())
    expect((await sponsor.sponsor(request())).paymasterData).toBe(paymasterData)
  })

  test('it signs nothing that the budget does not hold', async () => {
    const digests: string[] = []
    const policies = [parsePolicy(testPolicy({ budgetWei: 1n }))]
    const { sponsor, request } = await setUpSponsor({
      policies,
      signer: {
        ...sponsorSigner,
        signNow(digest) {
          digests.push(digest)
          return signNow(digest)
        },
      },
    })
    expect(await rulesOf(sponsor.sponsor(request()))).toEqual(['marketplace: global.cap'])
    expect(digests).toEqual([])
  })

  test('where signing fails nothing is held back, and what shares the commit is not harmed', async () => {
    const digests: string[] = []
    const recording = {
      ...sponsorSigner,
      signNow(digest: `0x${string}`) {
        digests.push(digest)
        return signNow(digest)
      },
    }
    const reference = await setUpSponsor({ signer: recording })
    await reference.sponsor.sponsor(reference.request(testOperation({ nonce: 1n })))
    const { sponsor, request, usage } = await setUpSponsor({
      signer: {
        ...sponsorSigner,
        signNow(digest) {
          if (digests.includes(digest)) throw new Error('the key is broken')
          return signNow(digest)
        },
      },
    })
    const answers = await Promise.allSettled(
      [0n, 1n, 2n].map((nonce) => sponsor.sponsor(request(testOperation({ nonce })))),
    )
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(answers[1]).toMatchObject({ reason: new Error('the key is broken') })
    expect(await usage()).toMatchObject({ operations: 2 })
  })

  test('where it has no key at hand, the slower way signs', async () => {
    const { sponsor, request, usage } = await setUpSponsor({
      signer: { sign: sponsorSigner.sign, signNow: () => undefined },
    })
    const reference = await setUpSponsor()
    const { paymasterData } = await sponsor.sponsor(request())
    expect(paymasterData).toBe((await reference.sponsor.sponsor(request())).paymasterData)
    expect(await usage()).toMatchObject({ operations: 1 })
  })
})

describe('when nothing can be signed', () => {
  test('the budget is as before, and the same operation is sponsored when the key is back', async () => {
    let isBack = false
    const { sponsor, request, usage } = await setUpSponsor({
      signer: {
        sign: (digest) =>
          isBack
            ? sponsorSigner.sign(digest)
            : Promise.reject(new SignerUnavailableError('it hangs')),
      },
    })
    await expect(sponsor.sponsor(request())).rejects.toThrow(SignerUnavailableError)
    expect(await usage()).toMatchObject({ reserved: 0n, operations: 0 })
    isBack = true
    await sponsor.sponsor(request())
    expect((await usage()).operations).toBe(1)
  })

  test('of two that ask for the same at once neither has a signature that nothing is held for', async () => {
    const answers: ((works: boolean) => void)[] = []
    const { sponsor, request, usage } = await setUpSponsor({
      signer: {
        async sign(digest) {
          const works = await new Promise<boolean>((resolve) => answers.push(resolve))
          if (!works) throw new SignerUnavailableError('it hangs')
          return sponsorSigner.sign(digest)
        },
      },
    })
    const first = sponsor.sponsor(request())
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    const second = sponsor.sponsor(request())
    await vi.waitFor(() => expect(answers).toHaveLength(2))
    answers[0]?.(false)
    await expect(first).rejects.toThrow(SignerUnavailableError)
    answers[1]?.(true)
    await expect(second).rejects.toThrow(ReservationGoneError)
    expect(await usage()).toMatchObject({ reserved: 0n, operations: 0 })
  })
})
