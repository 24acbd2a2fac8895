import { http } from 'viem'
import { createPaymasterClient } from 'viem/account-abstraction'
import { paymasterAnswers } from '../transports/answers.ts'
import { checkedTransport } from '../transports/checkedTransport.ts'
import type { WriteClient } from '../types/client.ts'
import type { ForeignPaymaster } from './approval.ts'
import { invalidParams, readFields, readText } from './params.ts'

/** Capability `paymasterService` of ERC-7677: the paymaster service that the app pays. */
export function readForeignPaymaster(value: unknown, field: string): ForeignPaymaster {
  const { url: url_, context = {} } = readFields(value, field)
  const url = readText(url_, `${field}.url`)
  if (!isSafe(url))
    throw invalidParams(`${field}.url`, 'is neither https nor a server of this machine')
  return { url, context: readFields(context, `${field}.context`) }
}

/** Others could read and change what is asked and answered on its way. */
function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username || password) return false
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isLocal)
}

/** The client, with an app's paymaster service instead of the wallet's own. */
export function withForeignPaymaster(
  client: WriteClient,
  { url, context }: ForeignPaymaster,
): WriteClient {
  // A redirect could lead to where the user has not agreed to.
  const transport = checkedTransport(http(url, { fetchOptions: { redirect: 'error' } }), {
    service: 'paymaster',
    answers: paymasterAnswers,
    timeout: client.wait.timeout,
  })
  return {
    ...client,
    paymaster: createPaymasterClient({ transport }),
    paymasterContext: context,
  }
}
