import type { Hex } from 'viem'

/**
 * `tx.origin == msg.sender && …`, as EntryPoint 0.9 begins `handleOps`: CALLER ORIGIN EQ, then DUP1
 * PUSH2 JUMPI to the other half of the condition, and a JUMPDEST where both halves meet.
 */
const senderCheck = /33321480(61[0-9a-f]{4})575b/g
/** CALLER CALLER EQ and on to where the halves meet: true for whoever calls. */
const noCheck = '3333145b5b5b5b5b5b'

/** Opcodes of `PUSH1` to `PUSH32`, whose data is no code. */
const PUSH1 = 0x60
const PUSH32 = 0x7f
const ORIGIN = 0x32

/**
 * Code of an EntryPoint that a contract may call, for use in a state override only: 0.9 takes
 * `handleOps` from accounts without code alone. Nothing else is changed, so it costs and decides what
 * the EntryPoint on chain does.
 * @returns `undefined` when the code can be called as it is.
 * @throws UnknownEntryPointCodeError when it asks for the origin of the transaction anywhere else.
 */
export function callableEntryPoint(code: Hex): Hex | undefined {
  const origins = countOrigins(code)
  if (origins === 0) return undefined
  let found = 0
  const callable = code
    .toLowerCase()
    .replaceAll(senderCheck, (check: string, _jump, place: number) => {
      // `0x` has two digits as well, so bytes begin at even places.
      if (place % 2 === 1) return check
      found += 1
      return noCheck
    }) as Hex
  if (found !== origins || countOrigins(callable) !== 0) throw new UnknownEntryPointCodeError()
  return callable
}

function countOrigins(code: Hex): number {
  const bytes = Buffer.from(code.slice(2), 'hex')
  let count = 0
  for (let place = 0; place < bytes.length; place++) {
    const opcode = bytes[place] ?? 0
    if (opcode === ORIGIN) count += 1
    if (opcode >= PUSH1 && opcode <= PUSH32) place += opcode - PUSH1 + 1
  }
  return count
}

/** The EntryPoint on this chain is not the one that this program knows. */
export class UnknownEntryPointCodeError extends Error {
  override name = 'UnknownEntryPointCodeError'

  constructor() {
    super('the code of the EntryPoint checks the origin of a transaction in an unknown way')
  }
}
