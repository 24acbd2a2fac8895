/**
 * The paymaster service with a signer that never answers, as a process that a test can kill between
 * reservation and answer. Options as JSON in the environment.
 */
import { createPaymasterService } from '../../paymaster-service/src/service.ts'

const { signerKey: _, ...options } = JSON.parse(process.env.PAYMASTER_OPTIONS ?? '{}')
const service = await createPaymasterService({
  ...options,
  signer: {
    address: '0x0000000000000000000000000000000000000001',
    sign: () => {
      console.log('signing')
      return new Promise(() => {})
    },
  },
})
console.log(`fabstir-paymaster listening on ${service.url}`)
