export { NoSuitableNodeError, SelectionError } from '../errors/discovery.ts'
export {
  createHostDirectory,
  type DiscoveredNode,
  type DiscoverParameters,
  type HostDirectory,
  type HostDirectoryParameters,
} from './createHostDirectory.ts'
export {
  createTokenCache,
  type TokenCache,
  type TokenCacheParameters,
} from './createTokenCache.ts'
export {
  rankNodes,
  type SelectableNode,
  type SelectionCriteria,
  type SelectionWeights,
  selectOptimalNode,
} from './selectOptimalNode.ts'
