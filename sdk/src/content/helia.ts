export { type HeliaStoreParameters, heliaStore } from './heliaStore.ts'
