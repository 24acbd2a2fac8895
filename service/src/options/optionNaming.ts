/** `rpc-url` of `rpcUrl`. */
export function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/**
 * How an option of a service is called outside of the code.
 * @param environmentPrefix How the names of all environment variables begin.
 */
export function optionNaming(environmentPrefix: string) {
  return {
    /** `--rpc-url` */
    flagOf: (name: string) => `--${kebab(name)}`,
    /** `FABSTIR_BUNDLER_RPC_URL` */
    environmentNameOf: (name: string) =>
      `${environmentPrefix}${kebab(name).replaceAll('-', '_').toUpperCase()}`,
  }
}
