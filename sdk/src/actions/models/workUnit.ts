/** What work is sold by, in the order of the contract's enum. */
export const workUnits = ['tokens', 'minutes'] as const

export type WorkUnit = (typeof workUnits)[number]
