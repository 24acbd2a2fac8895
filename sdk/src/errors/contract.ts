import type { Hex } from 'viem'
import { FabstirError, type ValuesOf } from './base.ts'

/** A contract refused. `errorName` and `args` are its custom error. */
export class ContractRevertedError extends FabstirError {
  override name = 'ContractRevertedError'
  /**
   * Name of the custom error; 'Error' for a revert with a text, 'Panic' for a Solidity panic; `undefined` for a reason
   * that this package does not know, or none, as of any batch of a Safe.
   */
  declare errorName: string | undefined
  declare args: readonly unknown[]
  declare data: Hex

  constructor(values: ValuesOf<ContractRevertedError>) {
    const { errorName, args, data } = values
    const [text] = args
    super(
      errorName === 'Error'
        ? `The call reverted: ${text}.`
        : errorName === undefined
          ? `The call reverted ${data === '0x' ? 'without a reason' : `with ${data.slice(0, 10)}, which is not known`}.`
          : `The call reverted with ${errorName}(${args.map(show).join(', ')}).`,
      values,
    )
  }
}

const show = (value: unknown) => (typeof value === 'string' ? value : `${value}`)

/** A receipt holds no event of the action: the operation did something else. */
export class EventNotFoundError extends FabstirError {
  override name = 'EventNotFoundError'
  declare eventName: string

  constructor(values: ValuesOf<EventNotFoundError>) {
    super(`The logs hold no ${values.eventName} event.`, values)
  }
}
