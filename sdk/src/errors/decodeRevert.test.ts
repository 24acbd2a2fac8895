import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { encodeErrorResult, type Hex, pad, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { testContracts as contracts } from '../testing/addressBook.ts'
import { ContractRevertedError } from './contract.ts'
import { decodeRevert } from './decodeRevert.ts'
import {
  SessionArgumentNotAllowedError,
  SessionCallNotAllowedError,
  SessionGasCostExceededError,
  SessionKeyNotActiveError,
  SessionPayerNotAllowedError,
  SessionSpendLimitExceededError,
  SessionUsesExhaustedError,
} from './session.ts'

const key = '0x1100000000000000000000000000000000000011'
const target = contracts.marketplace

/** The account's errors as the interface declares them, apart from the generated ABI under test. */
const accountErrors = parseAbi([
  'error SessionKeyNotActive(address key)',
  'error SessionUsesExhausted(address key)',
  'error SessionCallNotAllowed(address key, address target, bytes4 selector)',
  'error SessionSpendLimitExceeded(address key, address token, uint256 asked, uint256 left)',
  'error SessionArgumentNotAllowed(address key, address target, bytes4 selector, uint256 index, bytes32 value)',
  'error SessionPayerNotAllowed(address key, address payer)',
  'error SessionGasCostExceeded(address key, uint256 cost, uint256 maxGasCost)',
  'error ExecuteError(uint256 index, bytes inner)',
  'error FailedOpWithRevert(uint256 opIndex, string reason, bytes inner)',
  'error Error(string message)',
  'error Unknown(uint256 value)',
])
type Sample = { [name in (typeof accountErrors)[number]['name']]?: readonly unknown[] }
const revert = (sample: Sample): Hex => {
  const [[errorName, args] = []] = Object.entries(sample)
  return encodeErrorResult({ abi: accountErrors, errorName, args } as never)
}
const decode = (data: Hex | undefined) => decodeRevert(data, { contracts })

describe('decodeRevert', () => {
  test.each([
    {
      data: revert({ SessionKeyNotActive: [key] }),
      type: SessionKeyNotActiveError,
      fields: { key },
    },
    {
      data: revert({ SessionUsesExhausted: [key] }),
      type: SessionUsesExhaustedError,
      fields: { key },
    },
    {
      data: revert({ SessionCallNotAllowed: [key, target, '0xa9059cbb'] }),
      type: SessionCallNotAllowedError,
      fields: { key, selector: '0xa9059cbb' },
    },
    {
      data: revert({ SessionSpendLimitExceeded: [key, contracts.usdc, 6_000_000n, 5_000_000n] }),
      type: SessionSpendLimitExceededError,
      fields: {
        token: 'usdc',
        asked: 6_000_000n,
        left: 5_000_000n,
        shortMessage: `Session key ${key} asked for 6 usdc, but 5 usdc are left.`,
      },
    },
    {
      data: revert({
        SessionArgumentNotAllowed: [key, target, '0xa9059cbb', 1n, pad('0x07')],
      }),
      type: SessionArgumentNotAllowedError,
      fields: { index: 1n, value: pad('0x07') },
    },
    {
      data: revert({ SessionPayerNotAllowed: [key, contracts.fab] }),
      type: SessionPayerNotAllowedError,
      fields: { key },
    },
    {
      data: revert({ SessionGasCostExceeded: [key, 3n, 2n] }),
      type: SessionGasCostExceededError,
      fields: { cost: 3n, maxGasCost: 2n },
    },
  ])('$type.name with its values', ({ data, type, fields }) => {
    const error = decode(data)
    expect(error).toBeInstanceOf(type)
    expect(error).toMatchObject(fields)
  })

  test('any other custom error of our contracts keeps its name and arguments', () => {
    const data = encodeErrorResult({
      abi: jobMarketplaceAbi,
      errorName: 'JobWrongStatus',
      args: [2n, 2, 1],
    })
    const error = decode(data)
    expect(error).toBeInstanceOf(ContractRevertedError)
    expect(error).toMatchObject({ errorName: 'JobWrongStatus', args: [2n, 2, 1], data })
    expect(error?.shortMessage).toBe('The call reverted with JobWrongStatus(2, 2, 1).')
  })

  test('an error inside the batch of a SimpleAccount is the one that counts', () => {
    const inner = revert({ SessionKeyNotActive: [key] })
    expect(decode(revert({ ExecuteError: [1n, inner] }))).toBeInstanceOf(SessionKeyNotActiveError)
  })

  test('an error inside FailedOpWithRevert is the one that counts', () => {
    const inner = revert({ SessionUsesExhausted: [key] })
    const error = decode(revert({ FailedOpWithRevert: [0n, 'AA23 reverted', inner] }))
    expect(error).toBeInstanceOf(SessionUsesExhaustedError)
  })

  test('a revert with a text shows it', () => {
    expect(decode(revert({ Error: ['too late'] }))?.shortMessage).toBe(
      'The call reverted: too late.',
    )
  })

  test.each([
    ['no data', undefined],
    ['empty data', '0x'],
    ['an error of somebody else', revert({ Unknown: [1n] })],
    ['cut data', revert({ SessionKeyNotActive: [key] }).slice(0, 40) as Hex],
  ] as const)('%s is undefined', (_, data) => {
    expect(decode(data)).toBeUndefined()
  })
})
