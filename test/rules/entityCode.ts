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
