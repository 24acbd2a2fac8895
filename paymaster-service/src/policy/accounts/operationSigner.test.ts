import type { Hex } from 'viem'
import { concat } from 'viem'
import { expect, test } from 'vitest'
import type { AccountShape } from './accountShape.ts'
import { signerOf } from './operationSigner.ts'

const key = '0x7A00000000000000000000000000000000000002'
const sequence = `0x${'00'.repeat(7)}09` as const
const nonce = (...parts: Hex[]) => BigInt(concat([...parts, sequence]))

test.each<{ shape: AccountShape; name: string; value: bigint; signer: string | undefined }>([
  { shape: 'fabstir', name: 'owner', value: nonce(`0x${'00'.repeat(24)}`), signer: 'owner' },
  {
    shape: 'fabstir',
    name: 'owner on a lane',
    value: nonce('0x00000007', `0x${'00'.repeat(20)}`),
    signer: 'owner',
  },
  { shape: 'fabstir', name: 'session key', value: nonce('0x01000007', key), signer: key },
  { shape: 'fabstir', name: 'unknown kind', value: nonce('0x02000000', key), signer: undefined },
  { shape: 'kernel-3', name: 'root', value: nonce('0x0000', key, '0x0001'), signer: 'owner' },
  { shape: 'kernel-3', name: 'validator', value: nonce('0x0001', key, '0x0001'), signer: key },
  { shape: 'kernel-3', name: 'permission', value: nonce('0x0102', key, '0x0000'), signer: key },
  {
    shape: 'kernel-3',
    name: 'unknown type',
    value: nonce('0x0003', key, '0x0000'),
    signer: undefined,
  },
  { shape: 'erc7579', name: 'validator', value: nonce('0x00000000', key), signer: key },
  {
    shape: 'erc7579',
    name: 'default validator',
    value: nonce('0x00000100', `0x${'00'.repeat(20)}`),
    signer: 'owner',
  },
  { shape: 'simple-0.8', name: 'any nonce', value: nonce('0x01000000', key), signer: 'owner' },
  { shape: 'safe-4337', name: 'any nonce', value: 1n, signer: 'owner' },
  { shape: 'coinbase', name: 'any nonce', value: 1n, signer: 'owner' },
  { shape: 'erc7821', name: 'any nonce', value: 1n, signer: undefined },
])('$shape, $name: $signer', ({ shape, value, signer }) => {
  expect(signerOf(shape, value)).toBe(signer)
})
