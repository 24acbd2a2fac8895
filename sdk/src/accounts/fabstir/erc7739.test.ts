import * as fc from 'fast-check'
import {
  createClient,
  custom,
  type Hex,
  hashTypedData,
  type TypedDataDefinition,
  zeroHash,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { signMessage, signTypedData } from 'viem/experimental/erc7739'
import { expect, test } from 'vitest'
import { personalSign, typedDataSign, wrapTypedDataSignature } from './erc7739.ts'

const key = privateKeyToAccount(generatePrivateKey())
const client = createClient({
  transport: custom({ request: () => Promise.reject(new Error('nothing is asked')) }),
})
const verifierDomain = {
  name: 'FabstirAccount',
  version: '1',
  chainId: 31_337,
  verifyingContract: '0x3300000000000000000000000000000000000033',
  salt: zeroHash,
} as const

test('a message is signed as viem signs it', async () => {
  const message = fc.oneof(
    fc.string(),
    fc.uint8Array().map((raw) => ({ raw })),
  )
  await fc.assert(
    fc.asyncProperty(message, async (message) => {
      const ours = await key.signTypedData(personalSign(message, verifierDomain))
      expect(ours).toBe(await signMessage(client, { account: key, message, verifierDomain }))
    }),
    { numRuns: 20 },
  )
})

const domains = [
  {},
  { name: 'Mail' },
  { name: 'Mail', version: '2', chainId: 1n, verifyingContract: key.address, salt: zeroHash },
]
const messages: Pick<TypedDataDefinition, 'types' | 'primaryType' | 'message'>[] = [
  {
    types: { Empty: [] },
    primaryType: 'Empty',
    message: {},
  },
  {
    // Referred types stand in the order of their names, each once, also behind arrays and rings.
    types: {
      Zebra: [
        { name: 'to', type: 'Person[]' },
        { name: 'note', type: 'string' },
        { name: 'apple', type: 'Apple' },
      ],
      Person: [
        { name: 'wallets', type: 'address[2]' },
        { name: 'apple', type: 'Apple' },
      ],
      Apple: [{ name: 'seeds', type: 'bytes' }],
      Unused: [{ name: 'x', type: 'uint8' }],
    },
    primaryType: 'Zebra',
    message: {
      to: [{ wallets: [key.address, key.address], apple: { seeds: '0x12' } }],
      note: 'hi',
      apple: { seeds: '0x' },
    },
  },
]

test.each(domains.flatMap((domain) => messages.map((m) => ({ domain, ...m }))))(
  'typed data $primaryType in domain $domain is signed as viem signs it',
  async (data) => {
    const typedData = data as TypedDataDefinition
    const signature = await key.signTypedData(typedDataSign(typedData, verifierDomain))
    const theirs: Hex = await signTypedData(client, { ...typedData, account: key, verifierDomain })
    expect(wrapTypedDataSignature(signature, typedData)).toBe(theirs)
    expect(hashTypedData(typedDataSign(typedData, verifierDomain))).toMatch(/^0x/)
  },
)
