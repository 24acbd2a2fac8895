export { devnet } from './devnet.ts'
