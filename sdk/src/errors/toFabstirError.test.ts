import {
  BaseError,
  encodeErrorResult,
  HttpRequestError,
  parseAbi,
  RpcRequestError,
  TimeoutError,
} from 'viem'
import { UserOperationExecutionError } from 'viem/account-abstraction'
import { describe, expect, test } from 'vitest'
import type { SessionGrant } from '../accounts/session/sessionGrant.ts'
import { testContracts as contracts } from '../testing/addressBook.ts'
import { blame } from '../transports/failures.ts'
import { AmountError } from './amount.ts'
import { ContractRevertedError } from './contract.ts'
import { SessionKeyExpiredError, SessionKeyNotActiveError } from './session.ts'
import { SponsorRefusedError, SponsorUnauthorizedError } from './sponsor.ts'
import { toFabstirError } from './toFabstirError.ts'
import {
  BundlerUnreachableError,
  MalformedAnswerError,
  NodeUnavailableError,
  PaymasterUnreachableError,
  RateLimitedError,
  RequestRefusedError,
  type Service,
} from './transport.ts'
import { EntryPointRefusedError } from './userOperation.ts'

const url = 'http://service.test'
const key = '0x1100000000000000000000000000000000000011'
const session = {
  policy: { key, validAfter: 0, validUntil: 1_700_000_000 },
} as unknown as SessionGrant
const inSession = { contracts, session }
const asOwner = { contracts }
const grantNotUsable = encodeErrorResult({
  abi: parseAbi(['error GrantNotUsable(bytes32 salt)']),
  args: [`0x${'ab'.repeat(32)}`],
})
const keyNotActive = encodeErrorResult({
  abi: parseAbi(['error SessionKeyNotActive(address key)']),
  args: [key],
})
const jobNotHost = encodeErrorResult({
  abi: parseAbi(['error JobNotHost(uint256 jobId, address caller)']),
  args: [7n, key],
})

/** What viem throws for an answer of a service, several causes deep. */
function rpcError(code: number, message: string, data?: unknown, service: Service = 'bundler') {
  const answer = new RpcRequestError({ body: {}, url, error: { code, message, data } })
  blame(service, answer)
  return new UserOperationExecutionError(answer, { callData: '0x', sender: key } as never)
}

describe('toFabstirError', () => {
  test.each([
    {
      name: 'a view that reverts, by the code of geth',
      error: rpcError(3, 'execution reverted', jobNotHost),
      type: ContractRevertedError,
      fields: { errorName: 'JobNotHost', args: [7n, key] },
    },
    {
      name: 'AA23 with a custom error of the account',
      error: rpcError(-32500, 'AA23 reverted', { revertData: keyNotActive }),
      type: SessionKeyNotActiveError,
      fields: { key },
    },
    {
      name: 'AA23 without revert data',
      error: rpcError(-32500, 'AA23 reverted'),
      type: EntryPointRefusedError,
      fields: { aaCode: 'AA23', code: -32500, reason: undefined },
    },
    {
      name: 'AA24',
      error: rpcError(-32507, 'AA24 signature error'),
      type: EntryPointRefusedError,
      fields: { aaCode: 'AA24', shortMessage: 'The signature is not one of the account (AA24).' },
    },
    {
      name: 'a code that is not in the table',
      error: rpcError(-32500, 'AA99 what is this'),
      type: EntryPointRefusedError,
      fields: { aaCode: 'AA99', shortMessage: 'The EntryPoint refused the operation (AA99).' },
    },
    {
      name: 'AA33 with revert data keeps both',
      error: rpcError(-32501, 'AA33 reverted', { revertData: jobNotHost }),
      type: EntryPointRefusedError,
      fields: { aaCode: 'AA33', reason: expect.any(ContractRevertedError) },
    },
    {
      name: 'an inner call that reverts in estimation',
      error: rpcError(-32521, 'execution reverted', { revertData: jobNotHost }),
      type: ContractRevertedError,
      fields: { errorName: 'JobNotHost', args: [7n, key] },
    },
    {
      name: 'an inner call that reverts without a reason',
      error: rpcError(-32521, 'execution reverted', { revertData: '0x' }),
      type: ContractRevertedError,
      fields: { errorName: undefined, shortMessage: 'The call reverted without a reason.' },
    },
    {
      name: 'revert data given bare',
      error: rpcError(-32521, 'execution reverted', jobNotHost),
      type: ContractRevertedError,
      fields: { errorName: 'JobNotHost' },
    },
    {
      name: 'a policy refusal',
      error: rpcError(-32010, 'refused', {
        rule: 'perUser',
        remaining: '12',
        resetsAt: 1_800_000_000,
      }),
      type: SponsorRefusedError,
      fields: { rule: 'perUser', remaining: '12', resetsAt: 1_800_000_000 },
    },
    {
      name: 'a policy refusal without numbers',
      error: rpcError(-32010, 'refused', { rule: 'calls', remaining: null, resetsAt: null }),
      type: SponsorRefusedError,
      fields: { rule: 'calls', remaining: undefined, resetsAt: undefined },
    },
    {
      // Farther away than a Date reaches.
      name: 'a policy that starts anew after the end of time',
      error: rpcError(-32010, 'refused', { rule: 'global.cap', resetsAt: 1e15 }),
      type: SponsorRefusedError,
      fields: { resetsAt: 1e15, metaMessages: ['Resets at: 1000000000000000'] },
    },
    {
      name: 'a bad API key',
      error: rpcError(-32011, 'unauthorized', undefined, 'paymaster'),
      type: SponsorUnauthorizedError,
      fields: {},
    },
    {
      name: 'a node that the bundler cannot reach',
      error: rpcError(-32000, 'node', { reason: 'nodeUnavailable' }),
      type: NodeUnavailableError,
      fields: {},
    },
    {
      name: 'an API key that a bundler does not know',
      error: rpcError(-32011, 'unauthorized'),
      type: RequestRefusedError,
      fields: { service: 'bundler', code: -32011, status: undefined, rule: undefined },
    },
    {
      name: 'a rule of ERC-7562',
      error: rpcError(-32502, 'uses banned opcode', { rule: 'OP-011' }),
      type: RequestRefusedError,
      fields: { service: 'bundler', code: -32502, rule: 'OP-011' },
    },
    {
      // An address that has the letters of a code, as one in seventy has.
      name: 'a paymaster that is throttled',
      error: rpcError(-32504, `paymaster 0x12AA31${'00'.repeat(17)} is throttled`, {
        rule: 'SREP-020',
      }),
      type: RequestRefusedError,
      fields: { service: 'bundler', code: -32504, rule: 'SREP-020' },
    },
    {
      name: 'a field that is wrong',
      error: rpcError(-32602, 'bad', { field: 'userOperation.maxFeePerGas' }),
      type: RequestRefusedError,
      fields: { code: -32602, rule: 'userOperation.maxFeePerGas' },
    },
    {
      name: 'a rate of an API key',
      error: rpcError(-32005, 'slow down', { retryAfterMs: 500 }, 'paymaster'),
      type: RateLimitedError,
      fields: { service: 'paymaster', retryAfter: 500 },
    },
    {
      name: 'a revert with a reason that is not known',
      error: rpcError(-32521, 'execution reverted', { revertData: '0x12345678' }),
      type: ContractRevertedError,
      fields: {
        errorName: undefined,
        data: '0x12345678',
        shortMessage: 'The call reverted with 0x12345678, which is not known.',
      },
    },
  ])('$name: $type.name', ({ error, type, fields }) => {
    const typed = toFabstirError(error, asOwner)
    expect(typed).toBeInstanceOf(type)
    expect(typed).toMatchObject({ ...fields, cause: error })
  })

  test.each([
    { service: 'bundler', type: BundlerUnreachableError },
    { service: 'paymaster', type: PaymasterUnreachableError },
    { service: 'node', type: NodeUnavailableError },
    // The transport of the chain is nobody's but the caller's.
    { service: undefined, type: NodeUnavailableError },
  ] as const)('no answer of $service: $type.name', ({ service, type }) => {
    for (const status of [undefined, 408, 500, 503]) {
      const error = new HttpRequestError({ url, status })
      if (service) blame(service, error)
      const typed = toFabstirError(new BaseError('viem', { cause: error }), asOwner)
      expect(typed).toBeInstanceOf(type)
      expect(typed.cause).toMatchObject({ cause: error })
    }
  })

  test.each([
    { service: 'paymaster', status: 401, type: SponsorUnauthorizedError, fields: {} },
    { service: 'bundler', status: 401, type: RequestRefusedError, fields: { status: 401 } },
    { service: 'node', status: 404, type: RequestRefusedError, fields: { service: 'node' } },
    {
      service: 'bundler',
      status: 429,
      type: RateLimitedError,
      fields: { service: 'bundler', retryAfter: 7000 },
    },
  ] as const)('HTTP $status of $service: $type.name', ({ service, status, type, fields }) => {
    const headers = new Headers({ 'retry-after': '7' })
    const error = new HttpRequestError({ url, status, headers })
    blame(service, error)
    expect(toFabstirError(error, asOwner)).toBeInstanceOf(type)
    expect(toFabstirError(error, asOwner)).toMatchObject({ ...fields, cause: error })
  })

  test.each([
    // HTTP/2 has no words beside its status.
    new HttpRequestError({ url: `${url}/?apikey=secret`, status: 502, body: { method: 'eth_x' } }),
    new UserOperationExecutionError(
      new HttpRequestError({ url: `${url}/?apikey=secret`, status: 502 }),
      { callData: '0x', sender: key } as never,
    ),
  ])('an answer without words gives away no URL, in which an API key may stand (%#)', (error) => {
    expect(error.message).toContain('apikey=secret')
    const { message, details } = toFabstirError(error, asOwner) as BaseError
    expect(message).not.toContain('secret')
    expect(details).toBe(error.shortMessage)
  })

  test('a sponsorship that has expired is not an expired key, although its code is the same', () => {
    const error = rpcError(-32503, 'AA32 expired or expires too soon')
    expect(toFabstirError(error, inSession)).toMatchObject({ aaCode: 'AA32', code: -32503 })
  })

  test('an error of this package is found within what viem makes of it', () => {
    const malformed = new MalformedAnswerError({
      service: 'bundler',
      method: 'eth_x',
      answer: 'x',
    })
    expect(toFabstirError(new BaseError('viem', { cause: malformed }), asOwner)).toBe(malformed)
  })

  test('a time-out is no answer either', () => {
    const error = new TimeoutError({ body: {}, url })
    blame('paymaster', error)
    expect(toFabstirError(error, asOwner)).toBeInstanceOf(PaymasterUnreachableError)
  })

  test('-32503 is an expired key for a session client, and AA22 for its owner', () => {
    const error = rpcError(-32503, 'AA22 expired or not due')
    expect(toFabstirError(error, inSession)).toMatchObject({
      name: 'SessionKeyExpiredError',
      key,
      validUntil: 1_700_000_000,
    })
    expect(toFabstirError(error, inSession)).toBeInstanceOf(SessionKeyExpiredError)
    expect(toFabstirError(error, asOwner)).toMatchObject({ aaCode: 'AA22' })
  })

  test('a grant that ends later than any account lets it is out of its time as well', () => {
    const error = rpcError(-32503, 'AA22 expired or not due')
    const endless = { policy: { ...session.policy, validUntil: 2 ** 48 - 1 } } as SessionGrant
    expect(toFabstirError(error, { contracts, session: endless })).toMatchObject({
      name: 'SessionKeyExpiredError',
      shortMessage: `Session key ${key} is out of its time (until 281474976710655).`,
    })
  })

  test('a grant that cannot be installed is, for its key, a key that is not active', () => {
    const error = rpcError(-32500, 'AA23 reverted', { revertData: grantNotUsable })
    expect(toFabstirError(error, inSession)).toBeInstanceOf(SessionKeyNotActiveError)
    expect(toFabstirError(error, asOwner)).toBeInstanceOf(ContractRevertedError)
  })

  test('what is typed already, and what nobody knows, stays itself', () => {
    const typed = new AmountError({ amount: '', token: 'usdc', decimals: 6 })
    const unknown = new Error('something else')
    const ofAnotherSystem = rpcError(3, 'not a revert', 'text')
    for (const error of [typed, unknown, ofAnotherSystem])
      expect(toFabstirError(error, asOwner)).toBe(error)
  })
})
