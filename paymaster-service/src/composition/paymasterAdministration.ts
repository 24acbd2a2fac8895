import type { Address } from 'viem'
import { isAddressEqual } from 'viem'
import type { PaymasterAdministration, PaymasterStatus } from '../admin/paymasterAdministration.ts'
import type { DepositWatcher, WatchedDeposit } from '../deposits/depositWatcher.ts'
import type { PaymasterDirectory } from '../paymasters/paymasterDirectory.ts'
import type { PaymasterReader } from '../paymasters/paymasterReader.ts'
import type { ServedEntryPoint } from '../rpc/pm/served.ts'
import type { PaymasterSigners } from '../signing/paymasterSigners.ts'

/** What administration asks of the paymasters of a running service. */
export function administerPaymasters({
  chainId,
  configured,
  directory,
  signers,
  watcher,
  reader,
}: {
  chainId: number
  configured: readonly ServedEntryPoint[]
  directory: Pick<PaymasterDirectory, 'refresh' | 'active'>
  signers: Pick<PaymasterSigners, 'live' | 'signerOf'>
  watcher: Pick<DepositWatcher, 'look'>
  reader: PaymasterReader
}): PaymasterAdministration {
  const liveAmong = async (addresses: readonly Address[]) => {
    const live = await signers.live()
    return addresses.filter((each) => live.some((other) => isAddressEqual(other, each)))
  }

  async function statusOf(watched: WatchedDeposit): Promise<PaymasterStatus> {
    const { entryPoint, paymaster, kind, active, deposit, stake, reservedWei, lastValidUntil } =
      watched
    const signs = kind === 'sponsor'
    const contractSigners = (signs && (await reader.terms(paymaster))?.signers) || []
    const signer = signs && active ? await signers.signerOf(paymaster) : undefined
    const free = deposit > reservedWei ? deposit - reservedWei : 0n
    return {
      entryPoint,
      paymaster,
      kind,
      state: active ? 'active' : lastValidUntil === undefined ? 'retired' : 'retiring',
      signers: contractSigners,
      liveSigners: await liveAmong(contractSigners),
      signsWith: signer?.address ?? null,
      depositWei: `${deposit}`,
      stakeWei: `${stake}`,
      reservedWei: `${reservedWei}`,
      freeWei: `${free}`,
      lastValidUntil: lastValidUntil ?? null,
    }
  }

  const refresh = async () => {
    await directory.refresh()
    // Nobody waits for the first look at a successor's deposit. Where the node is away, it is read later.
    await watcher.look().catch(() => undefined)
  }

  return {
    chainId,
    refresh,
    configured: (entryPoint) =>
      configured.find((each) => isAddressEqual(each.entryPoint.address, entryPoint))?.paymaster,
    active: (entryPoint) => ({
      paymaster: directory.active(entryPoint),
      parallelSigning: configured.some(
        (each) => each.parallelSigning && isAddressEqual(each.entryPoint.address, entryPoint),
      ),
    }),
    async status() {
      await directory.refresh()
      return Promise.all((await watcher.look()).map(statusOf))
    },
    async examine(paymaster) {
      const terms = await reader.terms(paymaster)
      if (!terms) return undefined
      // A keystore may have been put beside the others for this.
      await signers.signerOf(paymaster, { lookAgain: true })
      const [{ deposit }, takesParallelSignatures] = await Promise.all([
        reader.depositInfo(terms.entryPoint, paymaster),
        reader.takesParallelSignatures(terms.entryPoint, paymaster),
      ])
      const liveSigners = await liveAmong(terms.signers)
      return { ...terms, deposit, liveSigners, takesParallelSignatures }
    },
  }
}
