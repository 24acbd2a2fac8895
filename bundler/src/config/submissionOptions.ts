import { z } from 'zod'
import { option } from './option.ts'
import { amount, flag, integer, list, privateKey } from './values.ts'

/** How bundles get to the chain, who pays for them, and how the chain is followed. */
export const submissionOptions = {
  maxBundlesInFlight: option(
    integer(1, 64).default(4),
    'Bundles of one executor on their way at once, on consecutive nonces',
    'N',
  ),
  maxBundleLoss: option(
    amount('wei').default(10n ** 15n),
    'Wei that the executor may lose by a bundle, before one is not sent',
    'WEI',
  ),
  sender: option(
    z
      .enum(['raw', 'conditional', 'private', 'bundle'], {
        error: 'must be raw, conditional, private or bundle',
      })
      .default('raw'),
    'How bundles are sent: to the pool (raw), with conditions (eth_sendRawTransactionConditional), or to relays: private (eth_sendPrivateTransaction) or bundle (eth_sendBundle)',
    'KIND',
  ),
  senderUrls: option(
    list(z.url({ protocol: /^https?$/, error: 'must be http or https URLs' })).optional(),
    'Relays of the private senders; of the others, nodes that get bundles beside --rpc-url',
    'A,B',
  ),
  relaySigningKey: option(
    privateKey.optional(),
    'Key that signs requests to relays (X-Flashbots-Signature); needs no money',
    'KEY',
  ),
  relayFallbackBlocks: option(
    integer(0, 1_000_000).default(5),
    'Blocks without inclusion after which a private bundle goes to the public pool, too; 0 for never',
    'N',
  ),
  treasuryPrivateKey: option(
    privateKey.optional(),
    'Key of the account that refills executors; better given in the environment',
    'KEY',
  ),
  executorLowBalance: option(
    amount('wei').default(2n * 10n ** 16n),
    'Wei below which an executor is reported, and refilled from the treasury',
    'WEI',
  ),
  executorRefillTo: option(
    amount('wei').default(10n ** 17n),
    'Wei that an executor has after a refill',
    'WEI',
  ),
  preconfirmations: option(
    flag.default(false),
    'Answer receipts from the pending block, on a chain that preconfirms transactions and by a node that tells it (Flashblocks); such a block can vanish',
  ),
  wsUrl: option(
    z.url({ protocol: /^wss?$/, error: 'must be a ws or wss URL' }).optional(),
    'WebSocket endpoint of the node, which then tells new heads by itself; otherwise they are polled',
    'URL',
  ),
}
