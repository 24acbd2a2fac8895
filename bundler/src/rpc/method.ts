/** A JSON-RPC method: positional parameters in, a JSON value out. Throws `RpcError`. */
export type Method = (params: readonly unknown[]) => Promise<unknown>

/** Methods by name. */
export type Methods = Readonly<Record<string, Method>>
