import { generatePrivateKey } from 'viem/accounts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SignerUnavailableError } from '../signing/paymasterSigners.ts'
import type { Signer } from '../signing/signer.ts'
import { localSigner } from '../signing/signer.ts'
import { hash, request, start, terms } from '../testing/ledgerFixtures.ts'
import type { TestLedger } from '../testing/ledgers.ts'
import { openTestLedger } from '../testing/ledgers.ts'
import { ledgerWithSigners } from './ledgerWithSigners.ts'

let ledger: TestLedger

beforeEach(async () => {
  ledger = await openTestLedger('memory')
})
afterEach(() => ledger.store.close())

test('without a live key neither stub nor reservation, and nothing is held back', async () => {
  let signer: Signer | undefined
  const guarded = ledgerWithSigners(ledger, { signerOf: async () => signer })
  const asked = request({ id: hash(1) })
  await expect(guarded.preview(asked)).rejects.toBeInstanceOf(SignerUnavailableError)
  await expect(guarded.reserve(asked)).rejects.toBeInstanceOf(SignerUnavailableError)
  expect(await ledger.budget(terms(), start)).toMatchObject({ reserved: 0n })
  signer = localSigner(generatePrivateKey())
  expect(await guarded.preview(asked)).toBeUndefined()
  expect(await guarded.reserve(asked)).toMatchObject({ kind: 'reserved' })
})
