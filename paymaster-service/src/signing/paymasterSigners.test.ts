import { hashMessage, recoverAddress } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { createPaymasterSigners, SignerUnavailableError } from './paymasterSigners.ts'
import type { Signer } from './signer.ts'
import { localSigner } from './signer.ts'

const [a, b, c] = [1, 2, 3].map(() => localSigner(generatePrivateKey())) as [Signer, Signer, Signer]
const paymaster = '0x9999999999999999999999999999999999999991'
const successor = '0x9999999999999999999999999999999999999992'
const digest = hashMessage('an operation')

function setUp(keys: Signer[]) {
  const state = { now: 0, loads: 0, reads: 0, revoked: new Set<string>(), keys }
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
    now: () => state.now,
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
      now: () => 0,
    })
    await expect(signers.sign(digest, paymaster)).rejects.toThrow('no such file')
    expect(await signers.signerOf(paymaster)).toBe(a)
  })
})
