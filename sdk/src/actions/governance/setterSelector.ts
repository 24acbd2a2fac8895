import { type Hex, toFunctionSelector } from 'viem'

/** Selector of a setter that is named by its signature, like 'setClosingWindow(uint256)'. */
export function toSetterSelector(setter: string): Hex {
  return toFunctionSelector(`function ${setter}`)
}
