import { z } from 'zod'

/** How an option appears on the command line. */
export type OptionDoc = { argument?: string; description: string }

const docs = z.registry<OptionDoc>()

/** A schema with its text for the help. */
export function option<T extends z.ZodType>(schema: T, description: string, argument?: string): T {
  docs.add(schema, argument === undefined ? { description } : { description, argument })
  return schema
}

/** What the help says of an option. */
export function docOf(schema: z.ZodType): OptionDoc {
  return docs.get(schema) ?? { description: '' }
}
