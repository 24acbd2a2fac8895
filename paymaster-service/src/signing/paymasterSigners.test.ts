import { hashMessage, recoverAddress } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { describe, expect, test, vi } from 'vitest'
import { createPaymasterSigners, SignerUnavailableError } from './paymasterSigners.ts'
import type { Signer } from './signer.ts'
import { localSigner } from './signer.ts'

const [a, b, c] = [1, 2, 3].map(() => localSigner(generatePrivateKey())) as [Signer, Signer, Signer]
const paymaster = '0x9999999999999999999999999999999999999991'
const successor = '0x9999999999999999999999999999999999999992'
const digest = hashMessage('an operation')

/** A key elsewhere: it signs when the test lets it. */
function remote(key: Signer) {
  const state = { mode: 'signs' as 'signs' | 'hangs' | 'fails', asked: 0, ended: 0 }
  const signer: Signer = {
    address: key.address,
    sign(hash, signal) {
      state.asked++
      signal?.addEventListener('abort', () => state.ended++)
      if (state.mode === 'fails') return Promise.reject(new Error('arn:aws:kms:secret'))
      return state.mode === 'hangs' ? new Promise(() => undefined) : key.sign(hash)
    },
  }
  return { state, signer }
}

function setUp(keys: Signer[]) {
  const state = {
    now: 0,
    loads: 0,
    reads: 0,
    revoked: new Set<string>(),
    keys,
    logged: [] as string[],
  }
  const signers = createPaymasterSigners({
    async load() {
      state.loads++
      return [...state.keys]
    },
    async signersOf(asked) {
      state.reads++
      return asked === paymaster ? [a.address, b.address] : [b.address, c.address]
    },
    isRevoked: (address) => state.revoked.has(address),
    // The time of every attempt is over at once: only what answers is faster.
    timeout: () => AbortSignal.timeout(20),
    now: () => state.now,
    log: { error: () => state.logged.push('error'), info: () => state.logged.push('info') },
  })
  const signedBy = async (asked: typeof paymaster | typeof successor) =>
    recoverAddress({ hash: digest, signature: await signers.sign(digest, asked) })
  return { state, signers, signedBy }
}

describe('sign', () => {
  test('each paymaster gets the first live key that its contract knows', async () => {
    const { signedBy, state } = setUp([a, c, b])
    expect(await signedBy(paymaster)).toBe(a.address)
    expect(await signedBy(successor)).toBe(c.address)
    await signedBy(paymaster)
    expect(state).toMatchObject({ loads: 1, reads: 2 })
  })

  test('a revoked key signs no more; the spare one does', async () => {
    const { signedBy, state, signers } = setUp([a, b])
    expect(await signedBy(paymaster)).toBe(a.address)
    state.revoked.add(a.address)
    expect(await signedBy(paymaster)).toBe(b.address)
    expect(await signers.live()).toEqual([b.address])
    state.revoked.add(b.address)
    await expect(signedBy(paymaster)).rejects.toThrow(SignerUnavailableError)
  })

  test('a key that came later is found, by signatures with a look in 5 seconds, when told at once', async () => {
    const { signedBy, signers, state } = setUp([a])
    await expect(signedBy(successor)).rejects.toThrow(successor)
    state.keys.push(c)
    await expect(signedBy(successor)).rejects.toThrow(SignerUnavailableError)
    expect(await signers.signerOf(successor, { lookAgain: true })).toBe(c)
    const late = setUp([a])
    await expect(late.signedBy(successor)).rejects.toThrow(SignerUnavailableError)
    late.state.keys.push(c)
    late.state.now = 5_000
    expect(await late.signedBy(successor)).toBe(c.address)
  })

  test('key files that cannot be read are read again with the next request', async () => {
    let loads = 0
    const signers = createPaymasterSigners({
      load: async () => {
        if (loads++ === 0) throw new Error('no such file')
        return [a]
      },
      signersOf: async () => [a.address, b.address],
      isRevoked: () => false,
      timeout: () => AbortSignal.timeout(5_000),
      now: () => 0,
      log: { error() {}, info() {} },
    })
    await expect(signers.sign(digest, paymaster)).rejects.toThrow('no such file')
    expect(await signers.signerOf(paymaster)).toBe(a)
  })
})

describe('a key in a key management service', () => {
  const nothingIs = `nothing is signed for the paymaster ${paymaster}: the key ${a.address}`

  test('that hangs is waited for once, then refused at once, and tried again after 5 seconds', async () => {
    const { state: kms, signer } = remote(a)
    const { signers, signedBy, state } = setUp([signer])
    kms.mode = 'hangs'
    for (let index = 0; index < 3; index++)
      await expect(signedBy(paymaster)).rejects.toThrow(`${nothingIs} gives no answer in time`)
    expect(kms).toMatchObject({ asked: 1, ended: 1 })
    expect(await signers.problemOf(paymaster)).toBe(`${nothingIs} gives no answer in time`)
    expect(kms.asked).toBe(1)
    kms.mode = 'signs'
    state.now = 5_000
    expect(await signedBy(paymaster)).toBe(a.address)
    expect(await signers.problemOf(paymaster)).toBeUndefined()
    expect(state.logged).toEqual(['error', 'info'])
  })

  test('that hangs leaves it to the other one, and is no problem then', async () => {
    const { state: kms, signer } = remote(a)
    const { signers, signedBy } = setUp([signer, b])
    kms.mode = 'hangs'
    expect(await signedBy(paymaster)).toBe(b.address)
    expect(await signedBy(paymaster)).toBe(b.address)
    expect(kms.asked).toBe(1)
    expect(await signers.problemOf(paymaster)).toBeUndefined()
    expect((await signers.signerOf(paymaster))?.address).toBe(b.address)
  })

  test('that fails is refused without a word of where it is, and is asked again', async () => {
    const { state: kms, signer } = remote(a)
    const { signedBy, state } = setUp([signer])
    kms.mode = 'fails'
    await expect(signedBy(paymaster)).rejects.toThrow(SignerUnavailableError)
    await expect(signedBy(paymaster)).rejects.toThrow(`${nothingIs} cannot sign`)
    expect(kms.asked).toBe(2)
    expect(state.logged).toEqual(['error'])
    kms.mode = 'signs'
    expect(await signedBy(paymaster)).toBe(a.address)
  })

  test('comes back without a request: whoever looks at the health has it tried', async () => {
    const { state: kms, signer } = remote(a)
    const { signers, signedBy, state } = setUp([signer])
    kms.mode = 'hangs'
    await expect(signedBy(paymaster)).rejects.toThrow(SignerUnavailableError)
    kms.mode = 'signs'
    state.now = 5_000
    expect(await signers.problemOf(paymaster)).toContain('gives no answer')
    await vi.waitFor(async () => expect(await signers.problemOf(paymaster)).toBeUndefined())
  })
})

describe('signNow', () => {
  const signerNow = async (signers: ReturnType<typeof setUp>['signers']) => {
    const signature = signers.signNow(digest, paymaster)
    return signature && recoverAddress({ hash: digest, signature })
  }

  test('it is silent until contract and keys were read, then signs by the key that would sign', async () => {
    const { signers, signedBy, state } = setUp([a, b])
    expect(await signerNow(signers)).toBeUndefined()
    await signedBy(paymaster)
    expect(await signerNow(signers)).toBe(a.address)
    expect(signers.signNow(digest, successor)).toBeUndefined()
    state.revoked.add(a.address)
    expect(await signerNow(signers)).toBe(b.address)
    state.revoked.add(b.address)
    expect(await signerNow(signers)).toBeUndefined()
  })

  test('it does not pass over a key elsewhere that comes first, unless that one hangs', async () => {
    const elsewhere = remote(a)
    const { signers, signedBy, state } = setUp([elsewhere.signer, b])
    await signedBy(paymaster)
    expect(await signerNow(signers)).toBeUndefined()
    elsewhere.state.mode = 'hangs'
    expect(await signedBy(paymaster)).toBe(b.address)
    expect(await signerNow(signers)).toBe(b.address)
    elsewhere.state.mode = 'signs'
    state.now += 5_000
    expect(await signedBy(paymaster)).toBe(b.address)
  })

  test('a key that throws is left to the way that remembers it', async () => {
    const broken: Signer = {
      ...a,
      signNow() {
        throw new Error('out of memory')
      },
    }
    const { signers, signedBy } = setUp([broken, b])
    await signedBy(paymaster)
    expect(await signerNow(signers)).toBeUndefined()
  })
})
