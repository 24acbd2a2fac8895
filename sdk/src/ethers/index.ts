export { EthersTransactionError, FabstirSigner } from './fabstirSigner.ts'
export { toEthersSigner } from './toEthersSigner.ts'
