import type { ProviderSession } from '../providerSession.ts'

/** Questions that are passed on to the node. Everything that is neither here nor answered by the provider is refused. */
export const nodeMethods: ReadonlySet<string> = new Set([
  ...['eth_blockNumber', 'eth_syncing', 'net_version', 'web3_clientVersion'],
  ...['eth_call', 'eth_estimateGas', 'eth_createAccessList'],
  ...[
    'eth_getBalance',
    'eth_getCode',
    'eth_getStorageAt',
    'eth_getProof',
    'eth_getTransactionCount',
  ],
  ...['eth_gasPrice', 'eth_maxPriorityFeePerGas', 'eth_feeHistory', 'eth_blobBaseFee'],
  ...['eth_getBlockByHash', 'eth_getBlockByNumber', 'eth_getBlockReceipts'],
  ...['eth_getBlockTransactionCountByHash', 'eth_getBlockTransactionCountByNumber'],
  ...['eth_getTransactionByHash', 'eth_getTransactionReceipt'],
  ...['eth_getTransactionByBlockHashAndIndex', 'eth_getTransactionByBlockNumberAndIndex'],
  ...['eth_getLogs', 'eth_newFilter', 'eth_newBlockFilter', 'eth_uninstallFilter'],
  ...['eth_getFilterChanges', 'eth_getFilterLogs'],
])

/** The node's own answer. */
export function askNode(
  { client }: ProviderSession,
  method: string,
  params: readonly unknown[],
): Promise<unknown> {
  return client.client.request({ method, params } as Parameters<typeof client.client.request>[0])
}
