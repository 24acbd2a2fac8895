import {
  entryPoint08Abi,
  entryPoint08Address,
  entryPoint09Abi,
  entryPoint09Address,
} from 'viem/account-abstraction'

/** EntryPoints that Fabstir accounts exist for. */
export const entryPoints = {
  '0.8': { abi: entryPoint08Abi, address: entryPoint08Address, version: '0.8' },
  '0.9': { abi: entryPoint09Abi, address: entryPoint09Address, version: '0.9' },
} as const
