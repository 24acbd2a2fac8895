import type { AbiEvent, Address, Hash } from 'viem'
import type { AbiText, EventArgs } from '../contracts/abiText.ts'
import type { ContractName } from '../contracts/contractName.ts'

/** An event of a contract, to be followed. */
export type ContractEvent<item extends AbiEvent = AbiEvent> = {
  /** Name of the contract in the address book, or its address. */
  contract: ContractName | Address
  /** The event as human-readable signature, or as an item of an ABI. */
  event: AbiText<item> | item
  /** Only events with these values of indexed arguments: one value, or any of several. */
  args?: EventFilter<item> | undefined
}

/** Values of indexed arguments by name. */
export type EventFilter<item extends AbiEvent> = {
  readonly [name in keyof EventArgs<item>]?:
    | EventArgs<item>[name]
    | readonly EventArgs<item>[name][]
    | undefined
}

/** Events to follow, by the names that they get; {@link ContractEvent} each. */
export type ContractEvents = {
  readonly [name: string]: Pick<ContractEvent, 'contract' | 'event'> & { args?: object | undefined }
}

/** The item of an ABI that an event to follow is about. */
export type ItemOf<event> = event extends { event: infer text }
  ? text extends AbiEvent
    ? text
    : text extends AbiText<infer item>
      ? Extract<item, AbiEvent>
      : never
  : never

/** Events to follow whose filters name arguments that there are: a wrong name would let every event through. */
export type Checked<events extends ContractEvents> = {
  readonly [name in keyof events]: Pick<ContractEvent, 'contract' | 'event'> & {
    args?: events[name] extends { args: infer args }
      ? CheckedFilter<args, EventFilter<ItemOf<events[name]>>>
      : undefined
  }
}

type CheckedFilter<args, filter> = {
  readonly [name in keyof args]: name extends keyof filter ? filter[name] : never
}

/** An event that was followed. Its type tells the arguments by its name. */
export type FollowedEvent<events extends ContractEvents = ContractEvents> = {
  [name in keyof events & string]: {
    name: name
    args: EventArgs<ItemOf<events[name]>>
    address: Address
    blockNumber: bigint
    blockHash: Hash
    transactionHash: Hash
    /** Place among the logs of its block. */
    logIndex: number
    /** Whether a reorganisation took it back: it was delivered before, and does not count any more. */
    removed: boolean
  }
}[keyof events & string]
