import { entryPoint08Address, entryPoint09Address } from 'viem/account-abstraction'

/** What accounts read of their EntryPoint. viem's whole ABIs weigh as much as all actions together. */
const abi = [
  {
    type: 'function',
    name: 'getNonce',
    stateMutability: 'view',
    inputs: [
      { name: 'sender', type: 'address' },
      { name: 'key', type: 'uint192' },
    ],
    outputs: [{ name: 'nonce', type: 'uint256' }],
  },
] as const

/** EntryPoints that Fabstir accounts exist for. */
export const entryPoints = {
  '0.8': { abi, address: entryPoint08Address, version: '0.8' },
  '0.9': { abi, address: entryPoint09Address, version: '0.9' },
} as const
