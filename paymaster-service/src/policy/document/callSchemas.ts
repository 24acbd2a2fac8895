import { z } from 'zod'
import { address, maxEntries, wei } from './primitives.ts'

/** An address, a number in decimal, hex bytes or text, as the argument's type says. */
const value = z.string().max(1_024)

const argument = z
  .strictObject({
    /** Number of the argument, or the way to a part of it: members of tuples by number, all elements of a list by "*". */
    index: z.union([
      z.number().int().min(0).max(63),
      z
        .array(z.union([z.number().int().min(0).max(63), z.literal('*')]))
        .min(1)
        .max(8),
    ]),
    /** `account` is the sender. */
    equals: value.optional(),
    in: z.array(value).min(1).max(maxEntries).optional(),
    /** Least and greatest of an unsigned number. */
    min: wei.optional(),
    max: wei.optional(),
    /** First bytes of `bytes` and `bytesN`, first characters of `string`. */
    prefix: value.optional(),
  })
  .refine(
    ({ index: _index, ...conditions }) => Object.keys(conditions).length > 0,
    'expected one of equals, in, min, max and prefix',
  )

const callPermission = z.strictObject({
  target: z.union([z.literal('account'), address]),
  functions: z
    .array(
      z
        .string()
        .max(1_024)
        .regex(
          /^(0x|0x[0-9a-f]{8}|[A-Za-z_$][\w$]*\([\w,()[\]]*\))$/,
          'expected a signature like "approve(address,uint256)", a 4-byte selector or "0x"',
        ),
    )
    .min(1)
    .max(maxEntries),
  /** All of them have to hold. They need signatures: a selector does not say where arguments are. */
  arguments: z.array(argument).max(16).optional(),
  /** Most ETH that a call may carry, wei. Without it none; `any` is no ceiling. */
  maxValue: z.union([wei, z.literal('any')]).optional(),
})

/** Inner calls that are paid for. `target` `account` is the sender itself, function `0x` a call without data. */
export const callPermissions = z.array(callPermission).max(maxEntries)

export type CallPermission = z.infer<typeof callPermission>
export type ArgumentCondition = NonNullable<CallPermission['arguments']>[number]
