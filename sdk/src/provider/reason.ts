import { FabstirError } from '../errors/base.ts'

/** The cause of an error of EIP-1193: what is shown as its details. */
export const reason = (text: string) => new FabstirError(text, { details: text })
