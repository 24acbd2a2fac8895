import { type Address, concat, type Hex, numberToHex, padHex, size, slice } from 'viem'

/** Code of an account that does `deed` and accepts every operation. */
export const accountCode = (deed: Hex): Hex => concat([deed, returnWords([0n])])

/** Code of a paymaster that does `deed` and pays for every operation, without a context. */
export const paymasterCode = (deed: Hex): Hex => concat([deed, returnWords([64n, 0n, 0n])])

/** Code of a factory that does `deed` and leaves the rest to `factory`. */
export const factoryCode = (deed: Hex, factory: Address): Hex =>
  concat([
    deed,
    // CALLDATACOPY(0, 0, CALLDATASIZE)
    '0x365f5f37',
    // CALL(GAS, factory, 0, 0, CALLDATASIZE, 0, 32)
    '0x60205f365f5f73',
    factory,
    '0x5af150',
    // RETURN(0, 32)
    '0x60205ff3',
  ])

/** Calls `target` with `data` and with all gas, or with `gas`. The answer is dropped. */
export function callDeed(
  target: Address,
  { data = '0x', value = 0n, gas }: { data?: Hex; value?: bigint; gas?: number } = {},
): Hex {
  return concat([
    writeMemory(data),
    // CALL(gas, target, value, 0, size, 0, 0)
    '0x5f5f61',
    numberToHex(size(data), { size: 2 }),
    '0x5f60',
    numberToHex(value, { size: 1 }),
    '0x73',
    target,
    ...(gas === undefined ? (['0x5a'] as const) : ['0x61' as const, numberToHex(gas, { size: 2 })]),
    '0xf150',
  ])
}

/** Calls `depositTo` of an EntryPoint for whoever runs it. */
export const depositToSelfDeed = (entryPoint: Address, value: number): Hex =>
  concat([
    // The selector at 0, ADDRESS behind it.
    '0x63b760faf960e01b5f5230600452',
    // CALL(GAS, entryPoint, value, 0, 36, 0, 0)
    concat(['0x5f5f60245f60', numberToHex(value, { size: 1 }), '0x73', entryPoint, '0x5af150']),
  ])

/** Code that answers every call with `words`. */
export function returnWords(words: readonly bigint[]): Hex {
  const data = concat(words.map((word) => numberToHex(word, { size: 32 })))
  return concat([writeMemory(data), '0x60', numberToHex(size(data), { size: 1 }), '0x5ff3'])
}

/** Writes `data` from position 0 of memory on, a word at a time. */
function writeMemory(data: Hex): Hex {
  const words: Hex[] = []
  for (let position = 0; position < size(data); position += 32) {
    const word = padHex(slice(data, position, Math.min(position + 32, size(data))), {
      dir: 'right',
      size: 32,
    })
    words.push(concat(['0x7f', word, '0x61', numberToHex(position, { size: 2 }), '0x52']))
  }
  return concat(words.length === 0 ? ['0x'] : words)
}

/** Runs `opcode` on `target`: a call without data by its opcode, or a look at its code. */
export function reachDeed(opcode: Hex, target: Address): Hex {
  switch (opcode) {
    case '0x3b':
    case '0x3f':
    case '0x31':
      return concat(['0x73', target, opcode, '0x50'])
    case '0x3c':
      return concat(['0x60025f5f73', target, opcode])
    case '0xf1':
    case '0xf2':
      return concat(['0x5f5f5f5f5f73', target, '0x5a', opcode, '0x50'])
    default:
      return concat(['0x5f5f5f5f73', target, '0x5a', opcode, '0x50'])
  }
}

/** SLOAD, TLOAD, SSTORE or TSTORE of the slot on top of the stack. */
const touchSlot = {
  read: '0x5450',
  readTransient: '0x5c50',
  write: '0x60019055',
  writeTransient: '0x6001905d',
} as const
export type SlotDeed = keyof typeof touchSlot

/** Touches slot 0 of whoever runs it. */
export const ownSlotDeed = (how: SlotDeed): Hex => concat(['0x5f', touchSlot[how]])

/** Code of a contract that touches the slot which its call data names. */
export const slotCode = (how: SlotDeed): Hex => concat(['0x5f35', touchSlot[how], '0x00'])

/** Code of a contract that touches slot keccak256(first word of call data ‖ 0) + second word. */
export const mappingCode = (how: SlotDeed): Hex =>
  concat(['0x5f355f525f60205260405f20', '0x60203501', touchSlot[how], '0x00'])

/** Code of a factory that does `deed` and deploys `initCode`, salted with the call data. */
export const deployingCode = (deed: Hex, initCode: Hex): Hex =>
  concat([
    deed,
    writeMemory(initCode),
    // CREATE2(0, 0, size, calldataload(0)), and return its address.
    concat(['0x5f3561', numberToHex(size(initCode), { size: 2 }), '0x5f5ff55f5260205ff3']),
  ])

/** Code that deploys `code`. */
export const initCodeOf = (code: Hex): Hex =>
  concat([writeMemory(code), concat(['0x61', numberToHex(size(code), { size: 2 }), '0x5ff3'])])
