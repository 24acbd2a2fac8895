import { kebab, optionNaming } from '@fabstir/service'
import { serviceConfigSchema } from './schema.ts'

/** How the names of options begin in the environment. */
export const environmentPrefix = 'FABSTIR_PAYMASTER_'

/** Every option by its name in the file and in code, in the order of the schema. */
export const optionNames = Object.keys(serviceConfigSchema.shape) as OptionName[]

export type OptionName = keyof typeof serviceConfigSchema.shape

/** Name as a flag, without `--`. */
export const flagName = kebab

/** Name in the environment. */
export const { environmentNameOf: environmentName } = optionNaming(environmentPrefix)
