export {
  ContentIdError,
  ContentMismatchError,
  ContentNotFoundError,
  ContentReadOnlyError,
  ContentTooLargeError,
  ContentUnavailableError,
} from '../errors/content.ts'
export { toContentId } from './contentId.ts'
export type { ContentOptions, ContentStore, SizeBound } from './contentStore.ts'
export { type GatewayStoreParameters, gatewayStore } from './gatewayStore.ts'
export { type MemoryStoreParameters, memoryStore } from './memoryStore.ts'
export type { HttpOptions } from './requestContent.ts'
export { toS5Id } from './s5Id.ts'
export { type S5StoreParameters, s5Store } from './s5Store.ts'
