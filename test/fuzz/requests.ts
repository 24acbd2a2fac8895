import fc from 'fast-check'
import {
  anyAddress,
  anyHash,
  anyHex,
  anyJson,
  anyQuantity,
  operationNear,
  stateOverride,
} from './operations.ts'

export type GoodOperation = { entryPoint: string; operation: Record<string, unknown> }

/** A JSON-RPC call of some method with parameters that are nearly right. */
export function call(
  good: readonly GoodOperation[],
): fc.Arbitrary<{ method: string; params: unknown }> {
  const entryPoint = fc.oneof(
    fc.constantFrom(...good.map((one) => one.entryPoint)),
    anyAddress,
    anyJson,
  )
  const sent = fc
    .constantFrom(...good)
    .chain((one) =>
      fc.tuple(
        operationNear(one.operation),
        fc.oneof(
          { weight: 8, arbitrary: fc.constant(one.entryPoint) },
          { weight: 1, arbitrary: entryPoint },
        ),
      ),
    )
  const filter = fc.oneof(
    fc.record({ hash: anyHash, sender: anyAddress, entryPoint, x: anyJson }, { requiredKeys: [] }),
    anyJson,
  )
  const rightly: fc.Arbitrary<{ method: string; params: unknown }> = fc.oneof(
    {
      weight: 6,
      arbitrary: methods(['eth_sendUserOperation', 'boost_sendUserOperation'], sent),
    },
    {
      weight: 4,
      arbitrary: methods(
        ['eth_estimateUserOperationGas'],
        fc.oneof(
          sent,
          fc.tuple(sent, stateOverride).map(([both, override]) => [...both, override]),
        ),
      ),
    },
    methods(
      [
        'eth_getUserOperationByHash',
        'eth_getUserOperationReceipt',
        'pimlico_getUserOperationStatus',
        'bundler_explainUserOperation',
      ],
      fc.tuple(anyHash),
    ),
    methods(['bundler_dropUserOperation'], fc.tuple(anyHash, anyQuantity, anyHex)),
    methods(['eth_subscribe'], fc.tuple(fc.constantFrom('userOperations', 'newHeads'), filter)),
    methods(['eth_unsubscribe'], fc.tuple(anyHex)),
    methods(
      [
        'eth_chainId',
        'eth_supportedEntryPoints',
        'pimlico_getUserOperationGasPrice',
        'rundler_maxPriorityFeePerGas',
      ],
      fc.constant([]),
    ),
  )
  return fc.oneof(
    { weight: 10, arbitrary: rightly },
    { weight: 2, arbitrary: fc.record({ method: methodName, params: anyJson }) },
    {
      weight: 2,
      arbitrary: fc.record({ method: methodName, params: fc.array(anyJson, { maxLength: 4 }) }),
    },
  )
}

const methodName = fc.oneof(
  fc.constantFrom(
    ...['eth_sendUserOperation', 'eth_estimateUserOperationGas', 'eth_subscribe', 'eth_chainId'],
    ...['constructor', '__proto__', 'toString', 'eth_', 'debug_bundler_x', ''],
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
)

function methods(names: readonly string[], params: fc.Arbitrary<unknown>) {
  return fc.record({ method: fc.constantFrom(...names), params })
}

const anyId = fc.oneof(
  { weight: 9, arbitrary: fc.oneof(fc.integer(), fc.string(), fc.constant(null)) },
  { weight: 1, arbitrary: anyJson },
)

/** A whole body: a request, a batch, or what only looks like one. */
export function body(good: readonly GoodOperation[]): fc.Arbitrary<string> {
  const request = fc
    .tuple(call(good), anyId)
    .map(([{ method, params }, id]) => ({ jsonrpc: '2.0', id, method, params }))
  const text = fc.oneof(
    { weight: 10, arbitrary: request.map((one) => JSON.stringify(one)) },
    {
      weight: 2,
      arbitrary: fc
        .array(fc.oneof(request, anyJson), { maxLength: 6 })
        .map((all) => JSON.stringify(all)),
    },
    { weight: 1, arbitrary: anyJson.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 50_000 }).map(nested) },
  )
  // Cut off, or with a byte changed, as a bad line would.
  return fc.oneof(
    { weight: 8, arbitrary: text },
    { weight: 1, arbitrary: fc.tuple(text, fc.nat()).map(([whole, at]) => cut(whole, at)) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(text, fc.nat(), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }))
        .map(([whole, at, other]) => replaceAt(whole, at, other)),
    },
  )
}

function nested(depth: number): string {
  return `${'['.repeat(depth)}${']'.repeat(depth)}`
}

function cut(text: string, at: number): string {
  return text.slice(0, at % (text.length + 1))
}

function replaceAt(text: string, at: number, other: string): string {
  const index = at % Math.max(1, text.length)
  return `${text.slice(0, index)}${other}${text.slice(index + 1)}`
}

/** Bytes on the wire: HTTP that is nearly right, and none at all. */
export const wire: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc
    .record({
      method: fc.constantFrom(
        'GET',
        'POST',
        'PUT',
        'OPTIONS',
        'HEAD',
        'CONNECT',
        'TRACE',
        'post',
        '',
      ),
      path: fc.constantFrom(
        ...['/', '/rpc', '/v1/x/rpc', '/health', '/../..', '//', '*', '/%00', '/%zz', '/?x=1'],
      ),
      version: fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/9.9', ''),
      headers: fc.array(
        fc.constantFrom(
          ...['host: x', 'host: x', 'content-type: application/json', 'content-length: 2'],
          ...['content-length: -1', 'content-length: 99999999999', 'transfer-encoding: chunked'],
          ...['transfer-encoding: x', 'connection: upgrade', 'upgrade: websocket', 'expect: x'],
          ...['sec-websocket-version: 13', 'sec-websocket-version: 99', 'origin: http://evil.test'],
          ...['sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==', 'x-api-key: \u0001', 'no colon'],
          `x-long: ${'y'.repeat(20_000)}`,
        ),
        { maxLength: 8 },
      ),
      rest: fc.oneof(
        fc.constantFrom('', '{}', '0\r\n\r\n', 'zz\r\n'),
        fc.string({ maxLength: 60 }),
      ),
    })
    .map(({ method, path, version, headers, rest }) =>
      Buffer.from([`${method} ${path} ${version}`, ...headers, '', rest].join('\r\n')),
    ),
)

/** WebSocket frames of a client: any opcode, length and mask, whole or not. */
export const frames: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.record({
      first: fc.oneof(fc.constantFrom(0x81, 0x82, 0x88, 0x89, 0x8a, 0x01, 0x00), fc.nat(255)),
      payload: fc.uint8Array({ maxLength: 125 }),
      lie: fc.option(fc.nat(255), { freq: 4 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) =>
    Buffer.concat(
      all.map(({ first, payload, lie }) =>
        Buffer.concat([Buffer.from([first, lie ?? 0x80 | payload.length, 0, 0, 0, 0]), payload]),
      ),
    ),
  )
