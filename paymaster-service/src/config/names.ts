import { serviceConfigSchema } from './schema.ts'

/** How the names of options begin in the environment. */
export const environmentPrefix = 'FABSTIR_PAYMASTER_'

/** Every option by its name in the file and in code, in the order of the schema. */
export const optionNames = Object.keys(serviceConfigSchema.shape) as OptionName[]

export type OptionName = keyof typeof serviceConfigSchema.shape

/** Name as a flag, without `--`. */
export function flagName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** Name in the environment. */
export function environmentName(name: string): string {
  return `${environmentPrefix}${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}
