import { parseEther, parseGwei } from 'viem'

/** API keys of the devnet's apps. Public knowledge: for test chains only. */
export const apiKeys = { demo: 'fabstir-devnet-demo', small: 'fabstir-devnet-small' } as const

/** Budgets of the apps in wei. The small one is spent after one or two operations. */
export const budgets = { demo: parseEther('1'), small: parseEther('0.002') } as const

/** Caps of both apps, wei: no operation and no sender can take a budget for itself. */
export const caps = {
  operation: parseEther('0.05'),
  userDay: parseEther('0.25'),
  maxFeePerGas: parseGwei('100'),
} as const
