import type { Address, Hex } from 'viem'
import { concat, keccak256, numberToHex, pad, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import type { StateOverride } from '../../../../../chain/reader.ts'
import type { Mnemonic } from '../../testing/assemble.ts'
import { assemble, op, returning } from '../../testing/assemble.ts'
import type { TestAccount } from '../../testing/completeState.ts'
import { completeState } from '../../testing/completeState.ts'
import { block, caller, nobody, other, target, traceCode, word } from '../../testing/traceCode.ts'
import { RefusedRunError } from '../interpreter.ts'
import { createEthereumjsInterpreter } from './ethereumjsInterpreter.ts'

describe('environment', () => {
  const environment: readonly [Mnemonic, Hex][] = [
    ['ORIGIN', pad(caller, { size: 32 })],
    ['CALLER', pad(caller, { size: 32 })],
    ['ADDRESS', pad(target, { size: 32 })],
    ['GASPRICE', word(0)],
    ['COINBASE', pad(block.coinbase, { size: 32 })],
    ['TIMESTAMP', word(block.timestamp)],
    ['NUMBER', word(block.number)],
    ['PREVRANDAO', word(77)],
    ['GASLIMIT', word(block.gasLimit)],
    ['CHAINID', word(31_337)],
    ['SELFBALANCE', word(9)],
    ['BASEFEE', word(7)],
    ['BLOBBASEFEE', word(3)],
  ]
  test.each(environment)('%s is counted and answers %s', async (mnemonic, expected) => {
    const code = returning(mnemonic)
    const { frames, result } = await traceCode(code, {
      accounts: { [target]: { code, balance: 9n } },
    })
    expect(frames[0]?.opcodes.get(op(mnemonic))).toBe(1)
    expect(result).toEqual({ ok: true, data: expected })
  })

  test('BLOCKHASH asks the state', async () => {
    const { result } = await traceCode(returning(999, 'BLOCKHASH'))
    expect(result.data).toBe(keccak256(numberToHex(999n)))
  })
})

describe('overrides', () => {
  const slot = word(1)
  const sload = returning(1, 'SLOAD')
  const stored = { [target]: { code: sload, storage: { [slot]: word(11), [word(2)]: word(22) } } }
  test.each([
    { name: 'stateDiff', override: { stateDiff: { [slot]: word(5) } }, expected: 5 },
    {
      name: 'stateDiff of another slot',
      override: { stateDiff: { [word(2)]: word(5) } },
      expected: 11,
    },
    { name: 'state', override: { state: { [slot]: word(6) } }, expected: 6 },
    { name: 'state without the slot', override: { state: { [word(2)]: word(6) } }, expected: 0 },
    { name: 'a short slot', override: { stateDiff: { '0x1': '0x7' } }, expected: 7 },
    { name: 'code', override: { code: returning(8) }, expected: 8 },
    { name: 'balance', override: { balance: '0x9', code: returning('SELFBALANCE') }, expected: 9 },
  ] satisfies { name: string; override: StateOverride[Address]; expected: number }[])(
    '$name: $expected',
    async ({ override, expected }) => {
      const { result } = await traceCode(sload, {
        accounts: stored,
        stateOverride: { [target]: override },
      })
      expect(result.data).toBe(word(expected))
    },
  )

  test('a nonce: the next CREATE', async () => {
    const { frames } = await traceCode(assemble(0, 0, 0, 'CREATE'), {
      stateOverride: { [target]: { nonce: '0x7' } },
    })
    const expected = keccak256(concat(['0xd694', target, '0x07']))
    expect(frames[1]?.address).toBe(`0x${expected.slice(-40)}`)
  })

  test('an overridden slot counts as the value before the call [EIP-2200]', async () => {
    // A cold slot that keeps its value: 2,100 and 100, besides two pushes and a GAS.
    const code = returning('GAS', 5, 1, 'SSTORE', 'GAS', 'SWAP1', 'SUB')
    const { result } = await traceCode(code, {
      stateOverride: { [target]: { state: { [slot]: word(5) } } },
    })
    expect(result.data).toBe(word(2_200 + 6 + 2))
  })
})

describe('EIP-7702', () => {
  const delegated = (to: Address): TestAccount => ({ code: concat(['0xef0100', to]), nonce: 1n })
  test('the delegate runs, and does not show in the frame', async () => {
    const code = concat([
      assemble(other, 'EXTCODESIZE', 'POP'),
      assemble(32, 0, 0, 0, 0, other, 'GAS', 'CALL', 32, 0, 'RETURN'),
    ])
    const { frames, result } = await traceCode(code, {
      accounts: { [other]: delegated(nobody), [nobody]: { code: returning('ADDRESS') } },
    })
    expect(frames[1]).toMatchObject({ address: other, codeAddress: other })
    expect(frames[0]?.touched.map(({ codeSize }) => codeSize)).toEqual([23, 23])
    expect(result.data).toBe(pad(other, { size: 32 }))
  })

  test.each([
    {
      name: 'a precompile: as without code',
      delegate: `0x${'0'.repeat(39)}4` as Address,
      ok: true,
    },
    { name: 'a second delegation: not followed', delegate: other, ok: false },
  ])('a delegation to $name', async ({ delegate, ok }) => {
    const { frames, result } = await traceCode('0x', {
      accounts: {
        [target]: delegated(delegate),
        [other]: delegated(nobody),
        [nobody]: { code: returning(1) },
      },
    })
    expect(result).toMatchObject({ ok, data: '0x' })
    expect(frames).toHaveLength(1)
  })

  test('before Prague it is only code that cannot run', async () => {
    const accounts = { [target]: delegated(other), [other]: { code: returning(1) } }
    const { result } = await traceCode('0x', { accounts, rules: { fork: 'cancun' } })
    expect(result).toMatchObject({ ok: false, message: 'invalid opcode' })
  })
})

describe('precompiles', () => {
  const callOf = (address: number) =>
    concat([
      assemble('CALLDATASIZE', 0, 0, 'CALLDATACOPY'),
      assemble(32, 0, 'CALLDATASIZE', 0, 0, toHex(address, { size: 2 }), '0x00ffff', 'CALL', 'POP'),
      assemble('RETURNDATASIZE', 0, 'RETURN'),
    ])
  const signature =
    '0x9fe21fc8e464544a26ea89c2be19fa5190ee4fe63024fc4a76bb0b653bf0dfaedaae68bc875690c8e4d844771bbd585dd96839c13654774634927a2ab4d576f233bfb30772e427a18ecfa40eb00bae7731f36c320466b56979b9a884d7af9d8eceea5f411b39235eb559e468ef0a2e24b0a201f0a45114e6e96c54a3b02559289f000dbec6355373193b2f7146071ebf3d7dab784bd211eaa051895a8fcf668d'

  test('P256VERIFY where the chain has it, at its price', async () => {
    const scene = { data: signature } as const
    expect((await traceCode(callOf(0x100), scene)).result.data).toBe('0x')
    const rules = { p256VerifyGas: 3_450n }
    expect((await traceCode(callOf(0x100), { ...scene, rules })).result.data).toBe(word(1))
    const forged = `${signature.slice(0, -2)}8e` as Hex
    expect((await traceCode(callOf(0x100), { data: forged, rules })).result.data).toBe('0x')
    const dear = { p256VerifyGas: 70_000n }
    const { frames } = await traceCode(callOf(0x100), { ...scene, rules: dear })
    expect(frames[1]).toMatchObject({ outOfGas: true, reverted: true })
  })

  test('a KZG proof is refused rather than believed', async () => {
    await expect(traceCode(callOf(0x0a))).rejects.toThrow(
      'the point evaluation precompile (0x0a) cannot be traced locally',
    )
  })
})

test('steps above the limit end the run', async () => {
  const loop = assemble('JUMPDEST', 0, 'JUMP')
  const run = traceCode(loop, { maxSteps: 999, gas: 1_000_000n })
  await expect(run).rejects.toThrow(RefusedRunError)
  await expect(run).rejects.toThrow('the call takes more than 999 steps')
})

test('runs of one interpreter share nothing', async () => {
  const interpreter = createEthereumjsInterpreter({
    rules: { chainId: 1, fork: 'prague' },
    maxSteps: 1_000,
  })
  const code = concat([assemble(1, 'SLOAD', 1, 'ADD', 1, 'SSTORE'), returning(1, 'SLOAD')])
  const call = { from: caller, to: target, data: '0x', gas: 100_000n, stateOverride: {} } as const
  const state = completeState({ [target]: { code } })
  const results = await Promise.all([1, 2, 3].map(() => interpreter.run(call, block, state)))
  expect(results.map(({ result }) => result.data)).toEqual([word(1), word(1), word(1)])
})
