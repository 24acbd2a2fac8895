import type { Address } from 'viem'
import { concat, getCreate2Address, pad, size } from 'viem'
import { describe, expect, test } from 'vitest'
import { assemble, deploying, op, returning } from '../../testing/assemble.ts'
import {
  caller,
  nobody,
  other,
  rootFrame,
  target,
  traceCode,
  word,
} from '../../testing/traceCode.ts'

describe('frames', () => {
  test('the traced call is the first frame, with its opcodes counted', async () => {
    const code = assemble(1, 2, 'ADD', 'POP', 1, 0, 'MSTORE', 32, 0, 'RETURN')
    const trace = await traceCode(code)
    expect(trace.frames).toEqual([
      {
        parent: -1,
        type: 'CALL',
        from: caller,
        address: target,
        codeAddress: target,
        selector: '0x11223344',
        value: 0n,
        opcodes: new Map([
          [0x60, 6],
          [0x01, 1],
          [op('POP'), 1],
          [op('MSTORE'), 1],
          [op('RETURN'), 1],
        ]),
        storage: { reads: [], writes: [], transientReads: [], transientWrites: [] },
        touched: [],
        outOfGas: false,
        // Nine cheap opcodes, and one word of memory.
        gasUsed: 29n,
        output: word(1),
        reverted: false,
      },
    ])
    expect(trace.result).toEqual({ ok: true, data: word(1) })
    expect(trace.preimages).toEqual([])
  })

  test.each([
    { data: '0x', selector: '0x' },
    { data: '0x112233', selector: '0x112233' },
  ] as const)('input $data: selector $selector', async ({ data, selector }) => {
    expect((await rootFrame('0x00', { data })).selector).toBe(selector)
  })

  // Each puts the selector 0xaabbccdd into memory first.
  const prepared = ['0xaabbccdd', 224, '0x1b'] as const
  const shifted = concat([assemble(prepared[0], prepared[1]), '0x1b', assemble(0, 'MSTORE')])
  test.each([
    { type: 'CALL', pushes: [0, 0, 4, 0, 5], address: other, value: 5n },
    { type: 'CALLCODE', pushes: [0, 0, 4, 0, 5], address: target, value: 5n },
    { type: 'DELEGATECALL', pushes: [0, 0, 4, 0], address: target, value: 0n },
    { type: 'STATICCALL', pushes: [0, 0, 4, 0], address: other, value: 0n },
  ] as const)('$type: code of the callee at $address', async ({ type, pushes, address, value }) => {
    const code = concat([shifted, assemble(...pushes, other, 'GAS', type)])
    const { frames } = await traceCode(code, {
      accounts: { [target]: { code, balance: 100n }, [other]: { code: '0x00' } },
    })
    expect(frames).toHaveLength(2)
    expect(frames[1]).toMatchObject({
      parent: 0,
      type,
      from: target,
      address,
      codeAddress: other,
      selector: '0xaabbccdd',
      value,
      opcodes: new Map([[op('STOP'), 1]]),
    })
    expect(frames[0]?.touched).toEqual([
      { address: other, opcode: op(type), codeSize: 1, existenceCheck: false },
    ])
  })

  test('frames come in the order in which they were entered, below their caller', async () => {
    const call = (to: Address) => assemble(0, 0, 0, 0, 0, to, 'GAS', 'CALL', 'POP')
    const { frames } = await traceCode(concat([call(other), call(nobody), call(other)]), {
      accounts: { [other]: { code: call(nobody) } },
    })
    expect(frames.map(({ parent, address }) => [parent, address])).toEqual([
      [-1, target],
      [0, other],
      [1, nobody],
      [0, nobody],
      [0, other],
      [4, nobody],
    ])
  })

  test('[OP-061] a call with more value than there is counts, though nothing was entered', async () => {
    const call = assemble(0, 0, 0, 0, 5, other, 'GAS', 'CALL')
    for (const code of [call, concat([call, assemble('POP')])]) {
      const { frames } = await traceCode(code, { accounts: { [other]: { code: '0x00' } } })
      expect(frames[1]).toMatchObject({ parent: 0, value: 5n, reverted: true, output: '0x' })
      expect(frames).toHaveLength(2)
    }
  })

  test.each([
    { type: 'CREATE', salt: [] },
    { type: 'CREATE2', salt: ['0x5a17'] },
  ] as const)('$type: the address of the new contract, its code as output', async (create) => {
    const { type, salt } = create
    const init = deploying('0x00')
    const code = concat([
      assemble(init, 0, 'MSTORE'),
      assemble(...salt, size(init), 32 - size(init), 0, type),
      assemble(0, 'MSTORE', 32, 0, 'RETURN'),
    ])
    const { frames, result } = await traceCode(code)
    const address = pad(result.data, { size: 32 }).slice(-40)
    expect(frames[1]).toMatchObject({
      parent: 0,
      type: type,
      from: target,
      address: `0x${address}`,
      codeAddress: `0x${address}`,
      selector: init.slice(0, 10),
      output: '0x00',
    })
    if (type === 'CREATE2') {
      const expected = getCreate2Address({ from: target, salt: word(0x5a17), bytecode: init })
      expect(`0x${address}`).toBe(expected.toLowerCase())
    }
  })
})

describe('opcodes', () => {
  test('an undefined opcode keeps its number, and INVALID has its own', async () => {
    expect((await rootFrame('0x0c')).opcodes).toEqual(new Map([[0x0c, 1]]))
    expect((await rootFrame('0xfe')).opcodes).toEqual(new Map([[op('INVALID'), 1]]))
    // Behind a jump the EVM reads from its analysis of the code.
    expect(
      (await rootFrame(concat([assemble(3, 'JUMP', 'JUMPDEST'), '0x0c']))).opcodes.get(0x0c),
    ).toBe(1)
  })

  test.each([
    { code: assemble(1, 'POP'), stops: 1, name: 'the end of the code' },
    { code: assemble(1, 'STOP'), stops: 1, name: 'a STOP' },
    { code: assemble(0, 0, 'RETURN'), stops: undefined, name: 'RETURN' },
    { code: assemble('POP'), stops: undefined, name: 'a fault' },
    { code: '0x', stops: undefined, name: 'no code' },
  ] as const)('$name: STOP counted $stops', async ({ code, stops }) => {
    expect((await rootFrame(code)).opcodes.get(op('STOP'))).toBe(stops)
  })

  test.each([
    { code: assemble('GAS', 'POP'), stray: 1, name: 'followed by POP' },
    { code: assemble(0, 0, 0, 0, 0, other, 'GAS', 'CALL'), stray: undefined, name: 'before CALL' },
    {
      code: assemble(0, 0, 0, 0, other, 'GAS', 'STATICCALL'),
      stray: undefined,
      name: 'STATICCALL',
    },
    {
      code: assemble(0, 0, 0, 0, other, 'GAS', 'DELEGATECALL'),
      stray: undefined,
      name: 'DELEGATE',
    },
    { code: assemble(0, 0, 0, 'GAS', 'CREATE'), stray: 1, name: 'before CREATE' },
    { code: assemble('GAS'), stray: 1, name: 'at the end of the code' },
    { code: assemble('GAS', 'GAS', 'POP'), stray: 2, name: 'twice' },
    {
      code: assemble(0, 0, 0, 0, 0, other, 'GAS', 'DUP1', 'CALL'),
      stray: 1,
      name: 'one step early',
    },
  ])('[OP-012] GAS $name: counted $stray', async ({ code, stray }) => {
    expect((await rootFrame(code)).opcodes.get(op('GAS'))).toBe(stray)
  })
})

describe('storage', () => {
  test('slots by kind of access, each once', async () => {
    const code = concat([
      assemble(1, 'SLOAD', 'POP', 1, 'SLOAD', 'POP', 2, 'SLOAD', 'POP'),
      assemble(7, 3, 'SSTORE', 8, 3, 'SSTORE', 9, 4, 'TSTORE', 4, 'TLOAD', 'POP', 5, 'TLOAD'),
    ])
    expect((await rootFrame(code)).storage).toEqual({
      reads: [word(1), word(2)],
      writes: [word(3)],
      transientReads: [word(4), word(5)],
      transientWrites: [word(4)],
    })
  })

  test('values of slots that were read before they were written, overridden ones too', async () => {
    const read = (slot: number) => assemble(slot, 'SLOAD', 'POP')
    const write = (slot: number) => assemble(9, slot, 'SSTORE')
    const code = concat([read(1), write(1), read(1), write(2), read(2), read(3)])
    const { slotValues } = await traceCode(code, {
      accounts: { [target]: { code, storage: { [word(1)]: word(5), [word(2)]: word(6) } } },
      stateOverride: { [target]: { stateDiff: { [word(3)]: word(7) } } },
    })
    expect(slotValues).toEqual([
      { address: target, slot: word(1), value: word(5) },
      { address: target, slot: word(3), value: word(7) },
    ])
  })

  test('a write that a revert undid does not hide what is read afterwards', async () => {
    const code = concat([
      assemble(0, 0, 0, 0, other, 'GAS', 'DELEGATECALL', 'POP'),
      assemble(1, 'SLOAD', 'POP', 2, 'SLOAD'),
    ])
    const undone = assemble(9, 1, 'SSTORE', 9, 2, 'SSTORE', 2, 'SLOAD', 0, 0, 'REVERT')
    const { slotValues } = await traceCode(code, {
      accounts: { [target]: { code, storage: { [word(1)]: word(5) } }, [other]: { code: undone } },
    })
    expect(slotValues).toEqual([
      { address: target, slot: word(1), value: word(5) },
      { address: target, slot: word(2), value: word(0) },
    ])
  })

  test('a DELEGATECALL uses the storage of its caller', async () => {
    const code = concat([
      assemble(0, 0, 0, 0, other, 'GAS', 'DELEGATECALL', 'POP'),
      returning(1, 'SLOAD'),
    ])
    const { frames, result } = await traceCode(code, {
      accounts: { [other]: { code: assemble(42, 1, 'SSTORE') } },
    })
    expect(frames[1]).toMatchObject({ address: target, storage: { writes: [word(1)] } })
    expect(result.data).toBe(word(42))
  })

  test('what a reverted frame wrote is undone, transient storage too', async () => {
    const write = assemble(42, 1, 'SSTORE', 43, 1, 'TSTORE', 0, 0, 'REVERT')
    const code = concat([
      assemble(0, 0, 0, 0, other, 'GAS', 'DELEGATECALL', 'POP'),
      returning(1, 'SLOAD', 1, 'TLOAD', 'ADD'),
    ])
    const { frames, result } = await traceCode(code, { accounts: { [other]: { code: write } } })
    expect(frames[1]).toMatchObject({ reverted: true, outOfGas: false })
    expect(result.data).toBe(word(0))
  })
})

describe('touched', () => {
  test.each(['EXTCODESIZE', 'EXTCODEHASH'] as const)('%s names an address', async (mnemonic) => {
    const code = assemble(other, mnemonic, 'POP', other, mnemonic, 'POP', nobody, mnemonic)
    const { touched } = await rootFrame(code, { accounts: { [other]: { code: '0x5b00' } } })
    const named = { opcode: op(mnemonic), existenceCheck: false }
    expect(touched).toEqual([
      { ...named, address: other, codeSize: 2 },
      { ...named, address: nobody, codeSize: 0 },
    ])
  })

  test('each opcode by itself; bits above an address do not count', async () => {
    const dirty = concat(['0xffffffffffffffffffffffff', other])
    const code = assemble(0, 0, 0, dirty, 'EXTCODECOPY', other, 'EXTCODESIZE')
    expect((await rootFrame(code)).touched).toMatchObject([
      { address: other, opcode: op('EXTCODECOPY'), codeSize: 0 },
      { address: other, opcode: op('EXTCODESIZE'), codeSize: 0 },
    ])
  })

  test.each([
    { next: assemble('ISZERO'), existenceCheck: true },
    { next: assemble('DUP1', 'ISZERO'), existenceCheck: false },
    { next: '0x' as const, existenceCheck: false },
  ])('[OP-051] EXTCODESIZE and $next: $existenceCheck', async ({ next, existenceCheck }) => {
    const { touched } = await rootFrame(concat([assemble(other, 'EXTCODESIZE'), next]))
    expect(touched).toMatchObject([{ existenceCheck }])
  })

  test('[OP-041] the size is that of the moment: before and after a contract is created', async () => {
    const init = deploying('0x00')
    const made = getCreate2Address({ from: target, salt: word(0), bytecode: init })
    const code = concat([
      assemble(made, 'EXTCODEHASH', 'POP', init, 0, 'MSTORE'),
      assemble(0, size(init), 32 - size(init), 0, 'CREATE2', 'POP', made, 'EXTCODEHASH'),
    ])
    expect((await rootFrame(code)).touched.map(({ codeSize }) => codeSize)).toEqual([0, 1])
  })
})

describe('out of gas', () => {
  const inner = (gas: number) => assemble(0, 0, 0, 0, 0, other, gas, 'CALL', 'POP')
  test.each([
    { name: 'a static price', callee: assemble(1, 1, 1, 1), gas: 11 },
    { name: 'a dynamic price', callee: assemble(1, 'SLOAD'), gas: 2_000 },
    { name: 'memory', callee: assemble(1, '0xffffff', 'MSTORE'), gas: 5_000 },
    { name: 'the stipend of SSTORE', callee: assemble(1, 1, 'SSTORE'), gas: 2_300 },
  ])('[OP-020] $name: the frame, not its caller', async ({ callee, gas }) => {
    const { frames, result } = await traceCode(inner(gas), {
      accounts: { [other]: { code: callee } },
    })
    expect(frames.map(({ outOfGas, reverted }) => [outOfGas, reverted])).toEqual([
      [false, false],
      [true, true],
    ])
    expect(result.ok).toBe(true)
  })

  test('of the traced call it is the result', async () => {
    const { frames, result } = await traceCode(assemble('JUMPDEST', 0, 'JUMP'), { gas: 25_000n })
    expect(frames[0]).toMatchObject({ outOfGas: true, reverted: true, output: '0x' })
    expect(result).toEqual({ ok: false, data: '0x', message: 'out of gas' })
  })

  test('INVALID and a bad jump take all gas without running out of it', async () => {
    for (const callee of ['0xfe', assemble(9, 'JUMP')] as const) {
      const { frames } = await traceCode(inner(5_000), { accounts: { [other]: { code: callee } } })
      expect(frames[1]).toMatchObject({ outOfGas: false, reverted: true })
    }
  })

  test('a precompile with too little gas', async () => {
    const { frames } = await traceCode(assemble(0, 0, 0, 0, 0, word(1), 100, 'CALL'))
    expect(frames[1]).toMatchObject({ address: `0x${'0'.repeat(39)}1`, outOfGas: true })
  })
})

describe('revert and preimages', () => {
  test('revert bytes are result and output', async () => {
    const { frames, result } = await traceCode(assemble(66, 0, 'MSTORE', 32, 0, 'REVERT'))
    expect(result).toEqual({ ok: false, data: word(66), message: 'execution reverted' })
    expect(frames[0]).toMatchObject({ output: word(66), reverted: true, outOfGas: false })
  })

  test.each([
    { bytes: 31, recorded: false },
    { bytes: 32, recorded: true },
    { bytes: 512, recorded: true },
    { bytes: 513, recorded: false },
  ])('[STO-021] KECCAK256 of $bytes bytes: recorded $recorded', async ({ bytes, recorded }) => {
    const code = assemble(5, 0, 'MSTORE', bytes, 0, 'KECCAK256', 'POP', bytes, 0, 'KECCAK256')
    const { preimages } = await traceCode(code)
    expect(preimages).toEqual(recorded ? [pad(word(5), { size: bytes, dir: 'right' })] : [])
  })
})
