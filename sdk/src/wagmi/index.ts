export {
  type FabstirConnectorParameters,
  type FabstirConnectorProperties,
  fabstir,
} from './fabstir.ts'
