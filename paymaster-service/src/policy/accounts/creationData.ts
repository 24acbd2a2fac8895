import type { Address, Hex } from 'viem'
import { isAddressEqual, toFunctionSelector, zeroAddress } from 'viem'
import type { Codec } from './abiCodec.ts'
import {
  address,
  bytes,
  decodeExactly,
  list,
  selectorDigits,
  tuple,
  uint8,
  uint256,
  word,
} from './abiCodec.ts'
import type { AccountShape } from './accountShape.ts'
import { readMultiSend } from './safe.ts'

/** What a document lists for Safes, in lower case. */
export type SafeSettings = {
  singletons: ReadonlySet<string>
  /** Safe4337Modules, as fallback handlers and enabled modules. */
  modules: ReadonlySet<string>
  /** SafeModuleSetups, by which a new Safe enables its module. */
  setups: ReadonlySet<string>
}

export type CreationSettings = {
  safe: SafeSettings
  /** MultiSend contracts, in lower case. */
  multiSend: ReadonlySet<string>
  /** Kernel factories behind one that stakes for them, in lower case. */
  kernelFactories: ReadonlySet<string>
  /** Of Kernels, in lower case. */
  validators: ReadonlySet<string>
}

const maxOwners = 64

/**
 * Whether `factoryData` makes an account that reads its call data as its shape does. Factories of
 * FabstirAccount, SimpleAccount and Coinbase choose the code and let the owner choose keys only. Those
 * of Safe, Kernel and Nexus run what the data says while the account begins, which could put any code
 * in its place: there everything but owners and salt is held to what is listed.
 */
export function isKnownCreation(
  shape: AccountShape,
  factoryData: Hex,
  settings: CreationSettings,
): boolean {
  const data = factoryData.toLowerCase() as Hex
  switch (shape) {
    case 'safe-4337':
      return isKnownSafe(data, settings)
    case 'kernel-3':
      return isKnownKernel(data, settings)
    case 'erc7579':
      return read(nexusCreation, data) !== undefined
    case 'erc7821':
      // Nobody knows what its factory does with its data.
      return false
    // By name: a shape that is new is no known creation until somebody has looked at its factory.
    case 'fabstir':
    case 'simple-0.6':
    case 'simple-0.7':
    case 'simple-0.8':
    case 'coinbase':
      return true
  }
}

type Call<values> = { selector: Hex; codec: Codec<values> }

const call = <values extends readonly unknown[]>(
  signature: string,
  ...members: { readonly [index in keyof values]: Codec<values[index]> }
): Call<values> => ({ selector: toFunctionSelector(signature), codec: tuple<values>(...members) })

function read<values>({ selector, codec }: Call<values>, data: Hex): values | undefined {
  if (data.slice(0, selectorDigits) !== selector) return undefined
  return decodeExactly(codec, data.slice(selectorDigits))
}

const safeCreation = call<[Address, Hex, bigint]>(
  'createProxyWithNonce(address,bytes,uint256)',
  address,
  bytes,
  uint256,
)
const safeSetup = call<[Address[], bigint, Address, Hex, Address, Address, bigint, Address]>(
  'setup(address[],uint256,address,bytes,address,address,uint256,address)',
  list(address, maxOwners),
  uint256,
  address,
  bytes,
  address,
  address,
  uint256,
  address,
)
const enableModules = call<[Address[]]>('enableModules(address[])', list(address, maxOwners))

/** Singleton, handler and modules are listed, and nothing else is delegatecalled or paid. */
function isKnownSafe(data: Hex, { safe, multiSend }: CreationSettings): boolean {
  const [singleton, initializer] = read(safeCreation, data) ?? []
  if (!singleton || !initializer || !has(safe.singletons, singleton)) return false
  const setup = read(safeSetup, initializer)
  if (!setup) return false
  const [, , to, setupData, handler, , payment] = setup
  if (!has(safe.modules, handler) || payment !== 0n) return false
  if (!has(multiSend, to)) return enablesKnownModules(to, setupData, safe)
  const steps = readMultiSend(setupData)
  return (
    steps?.every((step) => step.delegates && enablesKnownModules(step.target, step.data, safe)) ??
    false
  )
}

function enablesKnownModules(to: Address, data: Hex, { setups, modules }: SafeSettings): boolean {
  const [enabled] = read(enableModules, data) ?? []
  return has(setups, to) && (enabled?.every((module) => has(modules, module)) ?? false)
}

const kernelCreation = call<[Hex, string]>('createAccount(bytes,bytes32)', bytes, word)
const kernelStakedCreation = call<[Address, Hex, string]>(
  'deployWithFactory(address,bytes,bytes32)',
  address,
  bytes,
  word,
)
const kernelInitialize = call<[string, Address, Hex, Hex, Hex[]]>(
  'initialize(bytes21,address,bytes,bytes,bytes[])',
  word,
  address,
  bytes,
  bytes,
  list(bytes, 0),
)
const kernelInitialize30 = call<[string, Address, Hex, Hex]>(
  'initialize(bytes21,address,bytes,bytes)',
  word,
  address,
  bytes,
  bytes,
)

/**
 * The root validator is listed and there is no hook: both would run while the account begins.
 * `initConfig` would be calls of the account to itself, upgrades among them.
 */
function isKnownKernel(data: Hex, { kernelFactories, validators }: CreationSettings): boolean {
  const [factory, creation] = read(kernelStakedCreation, data) ?? [undefined, data]
  if (factory && !kernelFactories.has(factory.toLowerCase())) return false
  const [initializer] = creation ? (read(kernelCreation, creation) ?? []) : []
  if (!initializer) return false
  const [root, hook] =
    read(kernelInitialize, initializer) ?? read(kernelInitialize30, initializer) ?? []
  // ValidationId, 21 bytes: the type, 1 for a validator, and its address.
  const [, validator] = /^01([0-9a-f]{40})0{22}$/.exec(root ?? '') ?? []
  return validator !== undefined && has(validators, `0x${validator}`) && isKernelWithoutHook(hook)
}

/** Kernel's names of no hook are 0 and 1. */
function isKernelWithoutHook(hook: Address | undefined): boolean {
  return hook !== undefined && BigInt(hook) <= 1n
}

/** Nexus by its K1ValidatorFactory, whose bootstrap is its own. Its other factory delegatecalls what the data names. */
const nexusCreation = call<[Address, bigint, Address[], number]>(
  'createAccount(address,uint256,address[],uint8)',
  address,
  uint256,
  list(address, maxOwners),
  uint8,
)

function has(set: ReadonlySet<string>, value: Address): boolean {
  return !isAddressEqual(value, zeroAddress) && set.has(value.toLowerCase())
}
