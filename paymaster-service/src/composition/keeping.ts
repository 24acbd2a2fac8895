import type { Logger } from 'pino'
import { createPublicClient, http } from 'viem'
import { resolveTokenPaymasters } from '../config/resolve.ts'
import { resolveKeeper, resolveTopUps } from '../config/resolveKeys.ts'
import type { ServiceConfig } from '../config/schema.ts'
import type { TopUps } from '../deposits/topUp.ts'
import { createTopUps } from '../deposits/topUp.ts'
import { vaultContract } from '../deposits/vault.ts'
import { createKeeper } from '../keeper/keeper.ts'
import { httpKeeperWallet } from '../keeper/keeperWallet.ts'
import type { KeeperTransaction } from '../keeper/transactionStore.ts'
import type { Store } from '../store/store.ts'
import type { PriceKeeper } from '../tokens/priceKeeper.ts'
import { createPriceKeeper } from '../tokens/priceKeeper.ts'
import { tokenContract } from '../tokens/tokenContract.ts'

/** What a service does on the chain by itself. */
export type Keeping = {
  /** Sees what became of the keeper's transactions. */
  settle(): Promise<void>
  topUps: TopUps | undefined
  prices: PriceKeeper | undefined
}

/**
 * The keeper of the options, which must be right before anything is opened.
 * @throws ConfigError
 */
export function resolveKeeping(config: ServiceConfig) {
  const parts = {
    keeper: resolveKeeper(config),
    topUps: resolveTopUps(config),
    payers: resolveTokenPaymasters(config),
  }
  const { rpcUrl, chainId, keeperMaxFeePerGasWei, priceUpdateDayMaxWei, paymentTokens } = config
  return async ({
    store,
    clock,
    log,
    onEnd,
  }: {
    store: Store
    clock: () => number
    log: Logger
    onEnd?: (transaction: KeeperTransaction) => void
  }): Promise<Keeping> => {
    const { topUps, payers } = parts
    const account = await parts.keeper?.()
    const wallet =
      account && httpKeeperWallet({ rpcUrl, chainId, account, maxFeePerGas: keeperMaxFeePerGasWei })
    const keeper =
      wallet &&
      createKeeper({
        chainId,
        store,
        wallet,
        clock,
        log,
        ...(onEnd === undefined ? {} : { onEnd }),
      })
    const client = createPublicClient({
      transport: http(rpcUrl, { batch: true, timeout: 10_000, retryCount: 1 }),
    })
    return {
      settle: async () => keeper?.settle(),
      topUps:
        keeper && topUps
          ? createTopUps({
              keeper,
              vault: vaultContract(client, topUps.vault),
              rules: topUps.rules,
              clock,
            })
          : undefined,
      prices:
        payers.length === 0
          ? undefined
          : createPriceKeeper({
              contract: tokenContract(client),
              tokens: payers.flatMap(({ paymaster }) =>
                paymentTokens.map(({ address: token }) => ({ paymaster, token })),
              ),
              keeper,
              rules: { dayMax: priceUpdateDayMaxWei },
              clock,
              log,
            }),
    }
  }
}
