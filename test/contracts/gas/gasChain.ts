import type { Hash } from 'viem'
import type { hardhatDeployment } from '../../fixtures/hardhatDeployment.ts'

/** The deployed system that gas is measured on. */
export type GasChain = Awaited<ReturnType<typeof hardhatDeployment>>

/** Called with each operation that took one transaction. */
export type OnMeasured = (operation: string, hash: Hash) => void
