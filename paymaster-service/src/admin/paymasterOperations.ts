import type { Address } from 'viem'
import { getAddress, isAddress, isAddressEqual } from 'viem'
import { z } from 'zod'
import {
  insertRevokedSigner,
  insertRotation,
  listRevokedSigners,
  listRotations,
} from '../paymasters/rotationStore.ts'
import { activePaymaster } from '../paymasters/rotations.ts'
import type { PaymasterTables } from '../paymasters/tables.ts'
import { change } from './change.ts'
import { AdminError, conflict } from './errors.ts'
import type { AdminContext } from './operation.ts'
import { operation } from './operation.ts'
import type { ExaminedPaymaster, PaymasterAdministration } from './paymasterAdministration.ts'

const address = z
  .string()
  .refine((value) => isAddress(value, { strict: false }), 'expected a 20-byte hex address')
  .transform((value): Address => getAddress(value))

export const paymasters = operation('GET', '/paymasters', z.strictObject({}), (context) =>
  running(context).status(),
)

/** A successor signs from now on; the one before is followed until its last signature ended. */
export const rotatePaymaster = operation(
  'POST',
  '/paymasters/rotate',
  z.strictObject({ entryPoint: address, paymaster: address }),
  async (context, { entryPoint, paymaster: successor }) => {
    const service = running(context)
    const configured = service.configured(entryPoint)
    if (!configured) throw invalid('entryPoint', `${entryPoint} is not served`)
    const examined = await service.examine(successor)
    if (!examined) throw invalid('paymaster', `${successor} is no SponsorPaymaster on this chain`)
    if (!isAddressEqual(examined.entryPoint, entryPoint))
      throw invalid('paymaster', `${successor} is of the EntryPoint ${examined.entryPoint}`)
    await assertForm(service, entryPoint, { ...examined, successor })
    if (examined.liveSigners.length === 0)
      throw invalid(
        'paymaster',
        `none of its signers, ${examined.signers.join(' and ')}, is a live key of this service`,
      )
    if (examined.deposit === 0n)
      throw invalid('paymaster', `${successor} has no deposit: move a part there with migrateTo`)
    const rotated = await change(context, async (trx) => {
      const { chainId } = service
      const db = trx.withTables<PaymasterTables>()
      const before = (await listRotations(db, chainId)).get(entryPoint.toLowerCase()) ?? []
      const paymaster = activePaymaster(configured, before)
      if (isAddressEqual(paymaster, successor))
        throw conflict('paymaster', `${successor} is the active paymaster already`)
      await insertRotation(db, {
        ...{ chainId, entryPoint, paymaster, successor },
        at: context.clock(),
      })
      return {
        action: 'paymaster.rotate',
        subject: `paymaster/${chainId}/${entryPoint}`,
        before: { paymaster },
        after: { paymaster: successor },
        result: { entryPoint, paymaster: successor, replaces: paymaster },
      }
    })
    await service.refresh()
    return { ...rotated, signers: examined.signers, liveSigners: examined.liveSigners }
  },
)

/** A key signs no more, in every instance, whatever the options say. What it signed stays good until it ends. */
export const revokeSigner = operation(
  'DELETE',
  '/signers/:address',
  z.strictObject({ address }),
  async (context, { address: signer }) => {
    const result = await change(context, async (trx) => {
      const db = trx.withTables<PaymasterTables>()
      const known = (await listRevokedSigners(db)).includes(signer)
      await insertRevokedSigner(db, { address: signer, at: context.clock() })
      return {
        action: 'signer.revoke',
        subject: `signer/${signer}`,
        before: { revoked: known },
        after: { revoked: true },
        result: { signer, revoked: true },
      }
    })
    await context.paymasters?.refresh()
    return result
  },
)

/**
 * A successor takes every form of signature that the paymaster before it takes. One that takes more
 * may follow: a ParallelSponsorPaymaster checks the plain form as ever.
 */
async function assertForm(
  service: PaymasterAdministration,
  entryPoint: Address,
  {
    successor,
    takesParallelSignatures,
  }: Pick<ExaminedPaymaster, 'takesParallelSignatures'> & { successor: Address },
): Promise<void> {
  if (takesParallelSignatures === undefined)
    throw invalid('paymaster', `${successor} answers as no SponsorPaymaster does`)
  if (takesParallelSignatures) return
  const { paymaster, parallelSigning } = service.active(entryPoint)
  const before = await service.examine(paymaster)
  if (parallelSigning || before?.takesParallelSignatures)
    throw invalid(
      'paymaster',
      `${successor} is a plain SponsorPaymaster, and ${paymaster} before it takes signatures outside of the hash: expected a ParallelSponsorPaymaster`,
    )
}

function running({ paymasters: service }: AdminContext): PaymasterAdministration {
  if (service) return service
  throw new AdminError('unavailable', [
    { field: 'url', message: 'only a running service knows its paymasters: ask it with --url' },
  ])
}

function invalid(field: string, message: string): AdminError {
  return new AdminError('invalid', [{ field, message }])
}
