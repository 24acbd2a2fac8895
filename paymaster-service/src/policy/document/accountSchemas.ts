import { z } from 'zod'
import { accountShapes } from '../accounts/accountShape.ts'
import { address, addresses, maxEntries, word } from './primitives.ts'

const shape = z.enum(accountShapes)

/** A factory or EIP-7702 implementation, and how accounts of it read their call data. */
const shapedAddress = z.strictObject({ address, shape })

/** Members of a document that say which accounts are paid for and how their call data is read. */
export const accountMembers = {
  /** Factories that may deploy a sponsored sender. */
  factories: z.array(shapedAddress).max(maxEntries),
  /** Factories that may not, whatever `factories` says. */
  deniedFactories: addresses.optional(),
  /** EIP-7702 implementations that a sponsored sender may be delegated to. */
  delegates: z.array(shapedAddress).max(maxEntries),
  /**
   * Code that a deployed sender may have: only of known code is it known what it does with its call
   * data. Behind an ERC-1967 proxy the implementation counts as well, and without any the code is no
   * such proxy; a Safe's is in `safe`.
   */
  accounts: z
    .array(
      z.strictObject({
        shape,
        codeHash: word,
        implementations: z.array(address).min(1).max(maxEntries).optional(),
      }),
    )
    .max(maxEntries),
  /**
   * Modules that Kernel and ERC-7579 accounts may be signed for by, and made with. Any other could do what
   * it wants while it validates. Without it none of these accounts is paid for.
   */
  validators: addresses.min(1).optional(),
  /** What a Safe may consist of. Without it no Safe is paid for. */
  safe: z
    .strictObject({
      singletons: addresses.min(1),
      /** Safe4337Modules. */
      modules: addresses.min(1),
      /** SafeModuleSetups, for Safes that are not deployed yet; alone or by a MultiSend. */
      setups: addresses.optional(),
      /** MultiSend contracts, for batches. */
      multiSend: addresses.optional(),
    })
    .optional(),
}
