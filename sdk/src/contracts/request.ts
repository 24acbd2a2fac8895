import type { Client } from 'viem'

/** Asks a service by a method for which viem has no type, or none for all that it may answer. */
export function request<answer>(
  client: Client,
  method: string,
  params: readonly unknown[] = [],
): Promise<answer> {
  return client.request<{ Method: string; Parameters: unknown; ReturnType: answer }>({
    method,
    params,
  })
}
