import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Breach } from '../../fields/breach.ts'
import { fieldBreach } from '../../fields/fieldRules.ts'
import type { ValidationLimits } from '../limits.ts'
import { gasBreach } from './gasRules.ts'

/**
 * Rules that need nothing but the operation (ERC-4337, client behaviour upon receiving a UserOperation).
 * @returns the first breach
 */
export function precheck(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  limits: ValidationLimits,
): Breach | undefined {
  return fieldBreach(op, entryPoint) ?? gasBreach(op, entryPoint, limits)
}
