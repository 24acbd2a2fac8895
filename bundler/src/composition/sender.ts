import { privateKeyToAccount } from 'viem/accounts'
import { createHttpChainReader } from '../chain/httpChainReader.ts'
import type { ChainReader } from '../chain/reader.ts'
import type { TransactionSender } from '../chain/transactionSender.ts'
import { createTransactionSender } from '../chain/transactionSender.ts'
import type { BundlerConfig } from '../config/options.ts'
import { createConditionalSender } from '../submission/senders/conditionalSender.ts'
import { fanOut, withFallback } from '../submission/senders/fanOut.ts'
import { createRelayReader } from '../submission/senders/relayReader.ts'
import {
  createPrivateTransactionSender,
  createRelayBundleSender,
} from '../submission/senders/relaySender.ts'

export type SenderConfig = Pick<
  BundlerConfig,
  'sender' | 'senderUrls' | 'relaySigningKey' | 'relayFallbackBlocks' | 'nodeTimeout'
>

/** How bundles reach the chain, by the options. */
export function createSender(
  config: SenderConfig,
  node: Pick<ChainReader, 'request'>,
): TransactionSender {
  const { senderUrls = [], nodeTimeout: timeoutMs } = config
  const identity = config.relaySigningKey && privateKeyToAccount(config.relaySigningKey)
  const others = senderUrls.map((url) => createHttpChainReader({ url, timeoutMs }))
  const relays = senderUrls.map((url) => createRelayReader({ url, timeoutMs, identity }))
  const publicly = createTransactionSender(node)
  const fallBack = (privately: TransactionSender[]) =>
    withFallback(fanOut(privately), publicly, config.relayFallbackBlocks)
  switch (config.sender) {
    case 'raw':
      return fanOut([publicly, ...others.map(createTransactionSender)])
    case 'conditional':
      return fanOut([node, ...others].map(createConditionalSender))
    case 'private':
      return fallBack(relays.map(createPrivateTransactionSender))
    case 'bundle':
      return fallBack(relays.map(createRelayBundleSender))
  }
}
