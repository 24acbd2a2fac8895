/** The public mock-paymaster on loopback, as its own package starts it. Arguments: the chain's URL and the port. */
import { paymaster } from '@pimlico/mock-paymaster'

const [anvilRpc = '', port = ''] = process.argv.slice(2)
// No bundler: the method that is measured does not ask it.
const instance = paymaster({
  anvilRpc,
  altoRpc: anvilRpc,
  host: '127.0.0.1',
  port: Number(port),
})
await instance.start()
console.log(`mock-paymaster listening on http://127.0.0.1:${port}`)
