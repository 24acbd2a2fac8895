/**
 * The paymaster service as a process that a test can kill between reservation and answer: its signer
 * signs a number of operations, 0 unless the environment says more, and then never answers again.
 * Options as JSON in the environment.
 */
import { createPaymasterService } from '../../paymaster-service/src/service.ts'
import { localSigner } from '../../paymaster-service/src/signing/signer.ts'

const { signerKey, ...options } = JSON.parse(process.env.PAYMASTER_OPTIONS ?? '{}')
const { address, sign } = localSigner(signerKey)
let left = Number(process.env.PAYMASTER_SIGNATURES ?? 0)
const service = await createPaymasterService({
  ...options,
  signer: {
    address,
    sign: (digest: `0x${string}`) => {
      if (left-- > 0) return sign(digest)
      console.log('signing')
      return new Promise(() => {})
    },
  },
})
console.log(`fabstir-paymaster listening on ${service.url}`)
