import { parseEther, parseGwei } from 'viem'

/** API keys of the devnet's apps. Public knowledge: for test chains only. */
export const apiKeys = { demo: 'fabstir-devnet-demo', small: 'fabstir-devnet-small' } as const

export type AppName = keyof typeof apiKeys

/** Key of the administrator of the paymaster service. Public knowledge, as the others. */
export const adminKey = 'fabstir-devnet-admin-of-test-chains'

export const policyIds = { demo: 'marketplace', small: 'marketplace-small' } as const

/** Budgets of the apps in wei. The small one is spent after some three operations. */
export const budgets = { demo: parseEther('1'), small: parseEther('0.0011') } as const

/** How long they count: the small one starts over, so that a refusal can say when. */
export const budgetWindows = { demo: 'never', small: 'month' } as const

/** Caps of both apps, wei: no operation and no sender can take a budget for itself. */
export const caps = {
  operation: parseEther('0.05'),
  userDay: parseEther('0.25'),
  maxFeePerGas: parseGwei('100'),
} as const
