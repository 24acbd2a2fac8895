import type { Address, Hex } from 'viem'
import { getAddress, toFunctionSelector, zeroAddress } from 'viem'

/** One call that an account makes. */
export type InnerCall = { target: Address; value: bigint; data: Hex }

/** Most calls in one operation: bounds the work of one request. */
const maxCalls = 64

/** ERC-7821: a batch that reverts as a whole, without opData. No other mode is sponsored. */
const batchMode = '0100000000000000000000000000000000000000000000000000000000000000'

/**
 * Functions of FabstirAccount that the EntryPoint may call directly, as the operation's one call to
 * the account itself. Session keys are managed from within a batch: the account refuses the EntryPoint.
 */
const directSelectors: ReadonlySet<string> = new Set(
  [
    'claimJobViaSessionKey(address,uint256)',
    'createJobViaAccount(string,bytes32,uint256,uint256)',
    'registerNodeViaAccount(string)',
  ].map((signature) => toFunctionSelector(signature)),
)

const executeSelector = toFunctionSelector('execute(bytes32,bytes)')
const executeBatchSelector = toFunctionSelector('executeBatch((address,uint256,bytes)[])')

/** Hex digits of a selector with its `0x`. */
const selectorDigits = 10

/**
 * The calls that a FabstirAccount makes for `callData`; `undefined` for every shape that is not
 * certain to be understood as the account understands it: other functions, other modes, and any
 * encoding but the canonical one, in which every offset is where the part before it ends. So every
 * byte is read once: pointers into shared bytes cannot make a small request a large one.
 * Empty call data is no call. A target of zero is the account itself (ERC-7821).
 */
export function decodeCalls(sender: Address, callData: Hex): InnerCall[] | undefined {
  if (callData === '0x') return []
  if (callData.length < selectorDigits) return undefined
  const data = callData.toLowerCase() as Hex
  const selector = data.slice(0, selectorDigits)
  if (directSelectors.has(selector)) return [{ target: sender, value: 0n, data }]
  const batch = batchOf(selector, data.slice(selectorDigits))
  return batch === undefined ? undefined : readCalls(sender, batch)
}

/** The encoded list of calls, in hex digits without `0x`. */
function batchOf(selector: string, parameters: string): string | undefined {
  if (selector === executeBatchSelector) return parameters
  if (selector !== executeSelector) return undefined
  if (wordAt(parameters, 0) !== batchMode || numberAt(parameters, 1) !== 64) return undefined
  const tail = parameters.slice(2 * wordDigits)
  const batch = readBytes(tail)
  return batch?.digits === tail.length ? batch.content : undefined
}

/** `(address target, uint256 value, bytes data)[]` */
function readCalls(sender: Address, batch: string): InnerCall[] | undefined {
  const count = numberAt(batch, 1)
  if (numberAt(batch, 0) !== 32 || count === undefined || count > maxCalls) return undefined
  const list = batch.slice(2 * wordDigits)
  const calls: InnerCall[] = []
  let end = count * wordDigits
  for (let index = 0; index < count; index++) {
    if (numberAt(list, index) !== end / 2) return undefined
    const element = list.slice(end)
    const target = addressAt(element, 0)
    const value = wordAt(element, 1)
    const data = readBytes(element.slice(3 * wordDigits))
    if (!target || !value || !data || numberAt(element, 2) !== 96) return undefined
    calls.push({
      target: target === zeroAddress ? sender : target,
      value: BigInt(`0x${value}`),
      data: `0x${data.content}`,
    })
    end += 3 * wordDigits + data.digits
  }
  return end === list.length ? calls : undefined
}

/** Hex digits of an ABI word. */
const wordDigits = 64

/** `bytes`: length, content and zeros up to the next word; `digits` of all three. */
function readBytes(encoded: string): { content: string; digits: number } | undefined {
  const length = numberAt(encoded, 0)
  if (length === undefined) return undefined
  const end = wordDigits + 2 * length
  const digits = wordDigits * (1 + Math.ceil(length / 32))
  if (encoded.length < digits || !/^0*$/.test(encoded.slice(end, digits))) return undefined
  return { content: encoded.slice(wordDigits, end), digits }
}

function addressAt(words: string, index: number): Address | undefined {
  const word = wordAt(words, index)
  return word?.startsWith('0'.repeat(24)) ? getAddress(`0x${word.slice(24)}`) : undefined
}

/** `undefined` from 2^32 on: no request is that long. */
function numberAt(words: string, index: number): number | undefined {
  const word = wordAt(words, index)
  return word?.startsWith('0'.repeat(56)) ? Number.parseInt(word.slice(56), 16) : undefined
}

function wordAt(words: string, index: number): string | undefined {
  const word = words.slice(index * wordDigits, (index + 1) * wordDigits)
  return word.length === wordDigits ? word : undefined
}
