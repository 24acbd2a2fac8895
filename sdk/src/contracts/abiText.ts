import type {
  Abi,
  AbiEvent,
  AbiFunction,
  ContractEventName,
  ContractFunctionArgs,
  ContractFunctionName,
  ContractFunctionReturnType,
  GetEventArgs,
} from 'viem'
import { parseAbi } from './parseAbi.ts'

/**
 * One function with its overloads, or one event, as human-readable signatures (decision 80). The type of its ABI goes
 * along without a value.
 */
export type AbiText<item extends AbiFunction | AbiEvent = AbiFunction | AbiEvent> =
  readonly string[] & { readonly item?: item }

/** The functions or the event of a name in an ABI. */
export type AbiItem<abi extends Abi, name extends string> = Extract<
  abi[number],
  { type: 'function' | 'event'; name: name }
>

/** Arguments of a function; of an overloaded one, those of any form. */
export type FunctionArgs<item extends AbiFunction> = item extends AbiFunction
  ? ContractFunctionArgs<
      readonly [item],
      item['stateMutability'],
      ContractFunctionName<readonly [item], item['stateMutability']>
    >
  : never

/** What a view returns. */
export type ViewResult<item extends AbiFunction> = ContractFunctionReturnType<
  readonly [item],
  'pure' | 'view',
  ContractFunctionName<readonly [item], 'pure' | 'view'>
>

/** Arguments of an event. */
export type EventArgs<item extends AbiEvent> = Extract<
  GetEventArgs<
    readonly [item],
    ContractEventName<readonly [item]>,
    { EnableUnion: false; IndexedOnly: false; Required: true }
  >,
  object
>

const parsed = new WeakMap<AbiText, Abi>()

/** The ABI of a text, parsed once, when it is first used: parsing all of them would hold loading up. */
export function toAbi<item extends AbiFunction | AbiEvent>(
  text: AbiText<item>,
): readonly [item, ...item[]] {
  const known = parsed.get(text) ?? (parseAbi(text as readonly string[]) as Abi)
  parsed.set(text, known)
  return known as unknown as readonly [item, ...item[]]
}
