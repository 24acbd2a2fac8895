export { type FileStoreParameters, fileStore } from './fileStore.ts'
