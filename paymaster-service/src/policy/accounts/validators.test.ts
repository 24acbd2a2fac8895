import type { Address, Hex } from 'viem'
import { concat, pad } from 'viem'
import { expect, test } from 'vitest'
import type { ModularShape } from './validators.ts'
import { foreignModule, moduleSlots } from './validators.ts'

const listed = '0x7A00000000000000000000000000000000000002'
const stranger = '0x5e00000000000000000000000000000000000001'
const sequence = `0x${'00'.repeat(7)}09` as const
const kernel = (mode: Hex, type: Hex, id: Address) =>
  BigInt(concat([mode, type, id, '0x0000', sequence]))
const nexus = (mode: Hex, validator: Address) =>
  BigInt(concat(['0x000007', mode, validator, sequence]))
const zero = `0x${'00'.repeat(20)}` as const
/** What stands in the slots of modules, in their order. */
const words = (shape: ModularShape, ...values: Hex[]) =>
  new Map(moduleSlots[shape].map((slot, index) => [slot, pad(values[index] ?? '0x', { size: 32 })]))
const rooted = (type: Hex, address: Address) =>
  words('kernel-3', concat(['0x00000001', type, address]))

test.each<{
  shape: ModularShape
  name: string
  nonce: bigint
  storage: ReadonlyMap<Hex, Hex> | undefined
  isDelegated?: boolean
  reason: RegExp | undefined
}>([
  {
    shape: 'kernel-3',
    name: 'a listed root',
    nonce: kernel('0x00', '0x00', zero),
    storage: rooted('0x01', listed),
    reason: undefined,
  },
  {
    shape: 'kernel-3',
    name: 'a listed address in the nonce of a root that is another',
    nonce: kernel('0x00', '0x00', listed),
    storage: rooted('0x01', stranger),
    reason: /0x5E.* is not listed/i,
  },
  {
    shape: 'kernel-3',
    name: 'a permission as its root',
    nonce: kernel('0x00', '0x00', zero),
    storage: rooted('0x02', listed),
    reason: /no validator/,
  },
  {
    shape: 'kernel-3',
    name: 'a root that was not read',
    nonce: kernel('0x00', '0x00', zero),
    storage: new Map(),
    reason: /no validator/,
  },
  {
    shape: 'kernel-3',
    name: 'no root',
    nonce: kernel('0x00', '0x00', zero),
    storage: words('kernel-3'),
    reason: /no validator/,
  },
  {
    shape: 'kernel-3',
    name: 'no root, delegated',
    nonce: kernel('0x00', '0x00', zero),
    storage: words('kernel-3'),
    isDelegated: true,
    reason: undefined,
  },
  {
    shape: 'kernel-3',
    name: 'the root that it is made with',
    nonce: kernel('0x00', '0x00', zero),
    storage: undefined,
    reason: undefined,
  },
  {
    shape: 'kernel-3',
    name: 'a listed validator',
    nonce: kernel('0x00', '0x01', listed),
    storage: rooted('0x01', stranger),
    reason: undefined,
  },
  {
    shape: 'kernel-3',
    name: 'another validator',
    nonce: kernel('0x00', '0x01', stranger),
    storage: rooted('0x01', listed),
    reason: /0x5E.* is not listed/i,
  },
  {
    shape: 'kernel-3',
    name: 'a permission',
    nonce: kernel('0x00', '0x02', listed),
    storage: rooted('0x01', listed),
    reason: /type 2/,
  },
  {
    shape: 'kernel-3',
    name: 'a validator that the signature enables',
    nonce: kernel('0x01', '0x01', listed),
    storage: rooted('0x01', listed),
    reason: /installs modules/,
  },
  {
    shape: 'erc7579',
    name: 'a listed validator',
    nonce: nexus('0x00', listed),
    storage: words('erc7579'),
    reason: undefined,
  },
  {
    shape: 'erc7579',
    name: 'the validator in its code',
    nonce: nexus('0x00', zero),
    storage: words('erc7579'),
    reason: undefined,
  },
  {
    shape: 'erc7579',
    name: 'another validator',
    nonce: nexus('0x00', stranger),
    storage: words('erc7579'),
    reason: /0x5E.* is not listed/i,
  },
  {
    shape: 'erc7579',
    name: 'a module that the signature enables',
    nonce: nexus('0x01', listed),
    storage: words('erc7579'),
    reason: /installs modules/,
  },
  {
    shape: 'erc7579',
    name: 'a hook',
    nonce: nexus('0x00', listed),
    storage: words('erc7579', stranger),
    reason: /hook/,
  },
  {
    shape: 'erc7579',
    name: 'a hook before validation',
    nonce: nexus('0x00', listed),
    storage: words('erc7579', '0x', '0x', stranger),
    reason: /hook/,
  },
  {
    shape: 'erc7579',
    name: 'hooks that were not read',
    nonce: nexus('0x00', listed),
    storage: new Map(),
    reason: /hook/,
  },
])('$shape, $name', ({ shape, nonce, storage, isDelegated = false, reason }) => {
  const found = foreignModule(
    shape,
    { nonce, storage, isDelegated },
    new Set([listed.toLowerCase()]),
  )
  if (reason) expect(found).toMatch(reason)
  else expect(found).toBeUndefined()
})
