import type { Address, Hex } from 'viem'
import { getAddress, numberToHex } from 'viem'
import type { AccountShape } from './accountShape.ts'
import { signerOf } from './operationSigner.ts'

/** Shapes whose accounts are signed for by modules that their owners choose. */
export type ModularShape = 'kernel-3' | 'erc7579'

/** Kernel's `ValidationStorage`: its root validator stands in the first slot. */
const rootSlot: Hex = '0x7bcaa2ced2a71450ed5a9a1b4848e8e5206dbc3f06011e595f7f55428cc6f84f'
/** The fourth slot of Nexus' `AccountStorage` (ERC-7201) is its hook, the sixth and seventh those before validation. */
const nexusSlots = [0x03n, 0x05n, 0x06n].map((offset) =>
  numberToHex(0x0bb70095b32b9671358306b0339b4c06e7cbd8cb82505941fba30d1eb5b82f00n + offset, {
    size: 32,
  }),
)

/** Words of an account's storage that say which modules run. */
export const moduleSlots: Readonly<Record<ModularShape, readonly Hex[]>> = {
  'kernel-3': [rootSlot],
  erc7579: nexusSlots,
}

export function isModular(shape: AccountShape): shape is ModularShape {
  return shape === 'kernel-3' || shape === 'erc7579'
}

export type ModularOperation = {
  nonce: bigint
  /** `undefined` for an account that the operation makes: its modules stand in its creation data. */
  storage: ReadonlyMap<Hex, Hex> | undefined
  /** Whether the account is delegated by EIP-7702. */
  isDelegated: boolean
}

/**
 * Why it is not certain that listed validators alone run beside the calls of a modular account;
 * `undefined` when it is. Any other module may call whatever it wants while it validates, and have the
 * account do so, another implementation of itself included.
 * @param validators In lower case.
 */
export function foreignModule(
  shape: ModularShape,
  operation: ModularOperation,
  validators: ReadonlySet<string>,
): string | undefined {
  if (modeOf(shape, operation.nonce) !== 0n)
    return 'the nonce asks for a mode in which the signature installs modules'
  return shape === 'kernel-3'
    ? foreignToKernel(operation, validators)
    : foreignToNexus(operation, validators)
}

/** Where both put what the signature is besides a signature; zero is nothing. */
function modeOf(shape: ModularShape, nonce: bigint): bigint {
  return (nonce >> (shape === 'kernel-3' ? 248n : 224n)) & 0xffn
}

/** Hooks run in `executeUserOp` only, which is not read. Of a permission any policy and signer may run. */
function foreignToKernel(
  { nonce, storage, isDelegated }: ModularOperation,
  validators: ReadonlySet<string>,
): string | undefined {
  const type = (nonce >> 240n) & 0xffn
  if (type > 1n) return `the nonce is of validation type ${type}, and only validators are listed`
  if (type === 1n) return unlisted(signerOf('kernel-3', nonce), validators)
  if (!storage) return undefined
  // ValidationId, 21 bytes at the low end of the word: the type, 1 for a validator, and its address.
  const root = storage.get(rootSlot)?.slice(-42)
  // Without one the key of the delegated account signs.
  if (isDelegated && root !== undefined && /^0+$/.test(root)) return undefined
  if (!root?.startsWith('01')) return 'its root is no validator'
  return unlisted(getAddress(`0x${root.slice(2)}`), validators)
}

/** Zero in the nonce is the validator in the code. */
function foreignToNexus(
  { nonce, storage }: ModularOperation,
  validators: ReadonlySet<string>,
): string | undefined {
  const isHooked = nexusSlots.some((slot) => !/^0x0*$/.test(storage?.get(slot) ?? '0x01'))
  if (storage && isHooked) return 'it has a hook, which runs beside its calls'
  return unlisted(signerOf('erc7579', nonce), validators)
}

function unlisted(
  validator: Address | 'owner' | undefined,
  validators: ReadonlySet<string>,
): string | undefined {
  if (validator === 'owner' || (validator && validators.has(validator.toLowerCase())))
    return undefined
  return `its validator ${validator} is not listed`
}
